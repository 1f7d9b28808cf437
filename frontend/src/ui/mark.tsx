/** Two voices answering each other over a ridge. */
export function Mark() {
	return (
		<svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
			<path className="ridge" d="M3 25 11 15l5 6 5-6 8 10" />
			<path d="M9 11a6 6 0 0 1 4-5M5 10a11 11 0 0 1 6-8M23 11a6 6 0 0 0-4-5M27 10a11 11 0 0 0-6-8" />
		</svg>
	);
}
