import { type Carrier, carriers } from "../../lib/carriers";

/** How the credential travels; another choice connects anew. */
export function CarrierChoice({ value, onChange }: { value: Carrier; onChange: (carrier: Carrier) => void }) {
	return (
		<div role="radiogroup" aria-label="Carrier" className="choice">
			<h2>Carrier</h2>
			{carriers.map((carrier) => (
				<label key={carrier.value}>
					<input
						type="radio"
						name="carrier"
						aria-label={carrier.label}
						checked={carrier.value === value}
						onChange={() => onChange(carrier.value)}
					/>
					<span>
						<b>{carrier.label}</b>
						<small>{carrier.how}</small>
					</span>
				</label>
			))}
		</div>
	);
}
