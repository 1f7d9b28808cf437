/** Says so where nodes did not answer: a list without them is not the whole truth. */
export function MissingNodes({ names }: { names: readonly string[] }) {
	if (names.length === 0) return null;
	return (
		<p className="problem" role="status">
			Not here, because it did not answer in time: what is connected to {names.join(", ")}.
		</p>
	);
}
