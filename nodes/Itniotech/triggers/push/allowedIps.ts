import { UserError } from 'n8n-workflow';

export type IpCheck = (ip: string | undefined) => boolean;

interface Address {
	bits: bigint;
	/** 32 for IPv4, 128 for IPv6. */
	length: number;
}

/**
 * Reads "Allowed IP Addresses": addresses and CIDR ranges of IPv4 and IPv6.
 * @returns a check that allows every sender when the text is empty
 * @throws UserError for anything but text, or naming an entry that is not a valid address
 */
export function createIpCheck(value: unknown): IpCheck {
	if (typeof value === 'string' && value.trim() === '') return () => true;
	const list = typeof value === 'string' ? value.split(/[\s,;]+/).filter((entry) => entry !== '') : value;
	const entries: unknown[] = Array.isArray(list) ? list : [];
	if (entries.length === 0) throw invalidList('is not a list of IP addresses');
	const ranges = entries.map((entry) => readIpRange(String(entry).trim()));
	return (ip) => {
		const sender = readAddress(ip ?? '');
		return (
			sender !== undefined &&
			ranges.some(({ bits, length, prefix }) => {
				const hostBits = BigInt(length - prefix);
				return length === sender.length && bits >> hostBits === sender.bits >> hostBits;
			})
		);
	};
}

function readIpRange(entry: string): Address & { prefix: number } {
	const [, text, prefixText] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
	const address = readAddress(text ?? '');
	const prefix = Number(prefixText ?? address?.length);
	if (address && prefix <= address.length) return { ...address, prefix };
	throw invalidList(`contains an invalid address: ${entry}`);
}

function invalidList(what: string): UserError {
	return new UserError(`"Allowed IP Addresses" ${what}`, {
		description: 'Enter IP addresses or CIDR ranges, e.g. 203.0.113.7, 198.51.100.0/24, 2001:db8::/32',
	});
}

/** An IPv4 address in IPv6 notation (`::ffff:203.0.113.7`) counts as IPv4. */
function readAddress(text: string): Address | undefined {
	const v4 = readIpv4(text.replace(/^::ffff:(?=\d+\.)/i, ''));
	if (v4 !== undefined) return { bits: v4, length: 32 };
	const v6 = readIpv6(text);
	return v6 === undefined ? undefined : { bits: v6, length: 128 };
}

function readIpv4(text: string): bigint | undefined {
	if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
	const bytes = text.split('.').map(Number);
	return bytes.every((byte) => byte < 256) ? joinBits(bytes, 8n) : undefined;
}

function readIpv6(text: string): bigint | undefined {
	const [head, tail, ...more] = text.split('::').map((part) => (part ? part.split(':') : []));
	const written = [...head, ...(tail ?? [])];
	const isComplete = tail === undefined ? written.length === 8 : written.length < 8 && more.length === 0;
	if (!isComplete || !written.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
	const groups = [...head, ...Array<string>(8 - written.length).fill('0'), ...(tail ?? [])];
	return joinBits(
		groups.map((group) => parseInt(group, 16)),
		16n,
	);
}

function joinBits(parts: number[], width: bigint): bigint {
	return parts.reduce((bits, part) => (bits << width) | BigInt(part), 0n);
}
