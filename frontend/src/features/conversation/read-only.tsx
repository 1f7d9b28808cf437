/** In the place of the composer, where nothing can be written. */
export function ReadOnly({ archived }: { archived: boolean }) {
	return (
		<p className="closed" role="status" aria-label="Read only">
			<span aria-hidden="true">◇</span>
			{archived
				? "This room was archived. It can be read, and nothing more can be written."
				: "You can't follow this room at the moment, and nothing can be written. Load the page anew to try again."}
		</p>
	);
}
