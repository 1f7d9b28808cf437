import { itself } from "./store";

/**
 * How payloads become what travels, and back. The JSON client carries values as
 * they are; the protobuf client carries bytes.
 */
export interface Codec {
	encode(value: unknown): unknown;
	decode(data: unknown): unknown;
}

/** Payloads travel as they are: for the JSON client. */
export const plain: Codec = { encode: itself, decode: itself };

/**
 * Payloads are JSON in bytes: for the protobuf client.
 *
 * @example
 * ```tsx
 * import { Centrifuge } from "centrifuge/build/protobuf";
 *
 * <YodelProvider url="/ws" credentials={cookie()} client={Centrifuge} codec={jsonInBytes}>
 * ```
 */
export const jsonInBytes: Codec = {
	encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
	decode: (data) => {
		if (!(data instanceof Uint8Array)) return data;
		return data.length > 0 ? JSON.parse(new TextDecoder().decode(data)) : undefined; // nothing is no bytes here
	},
};
