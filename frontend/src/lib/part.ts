/** A part of the page that does not come: the network is away, or a new build has replaced it. */
export class PartMissing extends Error {
	override name = "PartMissing";
}

/** Loads a part of the page; rejects with `PartMissing` where it does not come. */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
	return () =>
		load().catch((cause: unknown) => {
			throw new PartMissing("A part of the page could not be loaded.", { cause });
		});
}
