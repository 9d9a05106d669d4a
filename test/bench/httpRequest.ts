/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { INode, INodeType, IVersionedNodeType } from 'n8n-workflow';

import { findPackages } from '../e2e/support/install';
import type { WorkflowFile } from '../engine/support/engine';

const FILES: Record<string, string> = {
	'n8n-nodes-base.httpRequest': 'HttpRequest/HttpRequest.node.js',
	'n8n-nodes-base.splitOut': 'Transform/SplitOut/SplitOut.node.js',
};
const VERSIONS: Record<string, number> = { 'n8n-nodes-base.httpRequest': 4.2, 'n8n-nodes-base.splitOut': 1 };

/** A node of n8n, out of the installation of the e2e tests. */
export function baseNode(type: string): INodeType {
	const file = join(findPackages()!, 'n8n-nodes-base', 'dist', 'nodes', FILES[type]);
	const load = createRequire(file);
	const [NodeClass] = Object.values(load(file) as Record<string, new () => INodeType | IVersionedNodeType>);
	const node = new NodeClass();
	return 'nodeVersions' in node ? node.nodeVersions[VERSIONS[type]] : node;
}

/** Reads the list of records page by page, 100 each, and makes an item of each record. */
export function httpRequestWorkflow(
	url: string,
	range: { strTime: string; endTime: string },
	maxPages?: number,
): WorkflowFile {
	const pagination = {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: { parameters: [{ type: 'body', name: 'current', value: '={{ $pageCount + 1 }}' }] },
		paginationCompleteWhen: 'other',
		completeExpression: '={{ $pageCount >= $response.body.data.pages }}',
		limitPagesFetched: maxPages !== undefined,
		maxRequests: maxPages ?? 100,
	};
	const start = nodeOf('Start', 'n8n-nodes-base.manualTrigger', {});
	const request = nodeOf('HTTP Request', 'n8n-nodes-base.httpRequest', {
		method: 'POST',
		url: `${url}/voice/recordGroupQuery`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'itniotechApi',
		sendBody: true,
		contentType: 'json',
		specifyBody: 'json',
		jsonBody: JSON.stringify({ current: 1, size: 100, params: range }),
		options: { pagination: { pagination } },
	});
	request.credentials = { itniotechApi: { id: 'itniotech', name: 'ITNIO TECH API' } };
	const split = nodeOf('Split Out', 'n8n-nodes-base.splitOut', {
		fieldToSplitOut: 'data.records',
		options: {},
	});
	const to = (node: INode) => ({ main: [[{ node: node.name, type: 'main' as const, index: 0 }]] });
	return {
		name: 'HTTP Request',
		nodes: [start, request, split],
		connections: { [start.name]: to(request), [request.name]: to(split) },
		settings: { executionOrder: 'v1' },
	};
}

function nodeOf(name: string, type: string, parameters: INode['parameters']): INode {
	return { id: name, name, type, typeVersion: VERSIONS[type] ?? 1, position: [0, 0], parameters };
}
