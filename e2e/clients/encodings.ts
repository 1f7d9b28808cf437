import { Centrifuge, type Options } from "centrifuge";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";
import { expect } from "vitest";

/** What one encoding is: how to build its client, and how its payloads look. */
export const encodings = [
	{
		name: "JSON",
		build: (url: string, options: Partial<Options>) => new Centrifuge(url, options),
		encode: (value: unknown) => value,
		decode: (data: unknown) => data,
	},
	{
		name: "protobuf",
		build: (url: string, options: Partial<Options>) => new ProtobufCentrifuge(url, options) as unknown as Centrifuge,
		encode: (value: unknown) => new TextEncoder().encode(JSON.stringify(value)),
		decode: (data: unknown) => JSON.parse(new TextDecoder().decode(data as Uint8Array)) as unknown,
	},
];

/** Tells the hub of the tests something; see e2e/bench/clients. */
export async function post(address: string, path: string, body?: string) {
	const response = await fetch(`http://${address}${path}`, { method: "POST", ...(body === undefined ? {} : { body }) });
	expect(response.status).toBe(200);
}

export function once<T>(subscribe: (resolve: (value: T) => void) => unknown) {
	return new Promise<T>((resolve) => subscribe(resolve));
}
