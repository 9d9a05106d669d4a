/** Coefficients of Lanczos, for g = 7. */
const LANCZOS = [
	0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
	12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

interface BetaBinomial {
	trials: number;
	/** Expected share of hits, between 0 and 1. */
	mean: number;
	/** How sure the mean is: like the share of this number of trials. */
	strength: number;
}

/**
 * The chance of this number of hits or more where the share of hits is itself uncertain.
 * @param hits like the trials, a whole number
 */
export function chanceOfAtLeast(hits: number, { trials, mean, strength }: BetaBinomial): number {
	if (hits <= 0) return 1;
	const [a, b] = [mean * strength, (1 - mean) * strength];
	const logChoose = logGamma(trials + 1) - logGamma(hits + 1) - logGamma(trials - hits + 1);
	const logBeta = (x: number, y: number) => logGamma(x) + logGamma(y) - logGamma(x + y);
	let term = Math.exp(logChoose + logBeta(hits + a, trials - hits + b) - logBeta(a, b));
	let sum = 0;
	for (let k = hits; k <= trials; k++) {
		sum += term;
		term *= ((trials - k) * (k + a)) / ((k + 1) * (trials - k - 1 + b));
	}
	return Math.min(1, sum);
}

/** The chance of a normal value above this one (Abramowitz and Stegun, 26.2.17); 1 below the mean. */
export function upperTailOf(z: number): number {
	if (z < 0) return 1;
	const t = 1 / (1 + 0.2316419 * z);
	const series =
		t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
	return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/** The logarithm of the gamma function of a positive number, to some 13 digits. */
function logGamma(x: number): number {
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	const t = x + 6.5;
	const sum = LANCZOS.reduce(
		(total, factor, index) => total + (index === 0 ? factor : factor / (x - 1 + index)),
		0,
	);
	return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
