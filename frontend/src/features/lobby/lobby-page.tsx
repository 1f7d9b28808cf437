import type { Centrifuge } from "centrifuge";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";
import { useState } from "react";
import { jsonInBytes } from "yodel-react";
import type { User } from "../../lib/api";
import { type Carrier, carriers, credentialsFor } from "../../lib/carriers";
import { YodelProvider } from "../../lib/yodel";
import { HereNow, Standing, Talk } from "./lobby";

type Encoding = "JSON" | "protobuf";

const route = "/ws";

// Both builds have the same public side; their declarations differ in private names alone.
const protobuf = { client: ProtobufCentrifuge as unknown as typeof Centrifuge, codec: jsonInBytes };

/** One channel for everybody: who is here, what was said, and nothing lost in between. */
export function LobbyPage({ user, onSignedOut }: { user: User; onSignedOut: () => void }) {
	const [carrier, setCarrier] = useState<Carrier>("cookie");
	const [encoding, setEncoding] = useState<Encoding>("JSON");
	const identity = `${user.id} ${carrier} ${encoding}`;
	return (
		<YodelProvider
			url={route}
			identity={identity}
			credentials={credentialsFor(carrier, route)}
			{...(encoding === "protobuf" ? protobuf : {})}
		>
			<main className="demo">
				<section className="side" aria-label="Connection">
					<Standing />
					<Choice
						label="Carrier"
						value={carrier}
						options={carriers}
						onChange={(value) => setCarrier(value as Carrier)}
					/>
					<Choice
						label="Encoding"
						value={encoding}
						options={[
							{ value: "JSON", label: "JSON" },
							{ value: "protobuf", label: "protobuf" },
						]}
						onChange={(value) => setEncoding(value as Encoding)}
					/>
					<HereNow />
				</section>
				<Talk onSignedOut={onSignedOut} />
			</main>
		</YodelProvider>
	);
}

interface ChoiceProps {
	label: string;
	value: string;
	options: { value: string; label: string }[];
	onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
	return (
		<label className="field">
			<span>{label}</span>
			<select value={value} onChange={(event) => onChange(event.target.value)}>
				{options.map((option) => (
					<option key={option.value} value={option.value}>
						{option.label}
					</option>
				))}
			</select>
		</label>
	);
}
