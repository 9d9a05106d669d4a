import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

interface Condition {
	keyName: string;
	condition: string;
	keyValue?: unknown;
}

/** A table of n8n with its rows, and what its node does to them. Source: `nodes/DataTable` of n8n-nodes-base 2.41. */
export class DataTable {
	private rows: IDataObject[] = [];
	private ids = 0;

	/** @param now Unix time in milliseconds */
	constructor(private readonly now: () => number) {}

	/** All rows, oldest first. */
	all(): IDataObject[] {
		return this.rows.map((row) => ({ ...row }));
	}

	/** Columns without a value are `null`. */
	insert(values: IDataObject): IDataObject {
		const updatedAt = new Date(this.now()).toISOString();
		const row = { id: ++this.ids, ...values, updatedAt };
		this.rows.push(row);
		return row;
	}

	/** As a person does in the editor. */
	change(id: unknown, values: IDataObject): void {
		Object.assign(this.rows.find((row) => row.id === id)!, values);
	}

	/** What a node with these parameters, evaluated for each item, outputs. */
	execute(parameters: IDataObject[], items: INodeExecutionData[]): INodeExecutionData[][] {
		const outputs = parameters.map((values, item) =>
			this.executeOne(values, items[item].json).map((json) => ({
				json: { ...json },
				pairedItem: { item },
			})),
		);
		return [outputs.flat()];
	}

	private executeOne(parameters: IDataObject, input: IDataObject): IDataObject[] {
		const { resource, operation, limit, returnAll } = parameters;
		if (resource === 'table') return [{ id: 'table-1' }];
		const values = (parameters.columns as { value: IDataObject } | undefined)?.value ?? {};
		switch (operation) {
			case 'insert':
				return [this.insert({ ...values })];
			case 'get':
				return this.found(parameters).slice(0, returnAll === true ? undefined : Number(limit));
			case 'update': {
				const changed = this.found(parameters);
				const updatedAt = new Date(this.now()).toISOString();
				for (const row of changed) Object.assign(row, values, { updatedAt });
				return changed;
			}
			case 'rowNotExists':
				return this.found(parameters).length === 0 ? [input] : [];
			case 'deleteRows': {
				const deleted = this.found(parameters);
				this.rows = this.rows.filter((row) => !deleted.includes(row));
				return deleted;
			}
			default:
				throw new Error(`No such operation on rows: ${String(operation)}`);
		}
	}

	private found({ filters = {}, matchType }: IDataObject): IDataObject[] {
		const { conditions = [] } = filters as { conditions?: Condition[] };
		// n8n's default is that any condition is enough.
		if (conditions.length > 1) expect(matchType).toBe('allConditions');
		return this.rows.filter((row) =>
			conditions.every((one) => holds(row[one.keyName] ?? null, one.condition, one.keyValue)),
		);
	}
}

function holds(value: unknown, condition: string, wanted: unknown): boolean {
	switch (condition) {
		case 'eq':
			return value !== null && String(value) === String(wanted);
		case 'neq':
			return value === null || String(value) !== String(wanted);
		case 'gt':
			return value !== null && Date.parse(String(value)) > Date.parse(String(wanted));
		case 'isEmpty':
			return value === null || value === '';
		case 'isNotEmpty':
			return value !== null && value !== '';
		default:
			throw new Error(`No such condition on rows: ${condition}`);
	}
}
