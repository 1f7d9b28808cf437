// @vitest-environment node
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import {
	cookie,
	useBroadcast,
	useChannel,
	useConnection,
	useEphemeral,
	usePlainSocket,
	usePresence,
	useRpc,
	YodelProvider,
} from "../index";

function Everything() {
	const { state } = useConnection();
	const { value } = useChannel("room:1", { initial: "nothing yet", reduce: (all) => all });
	const { members } = usePresence("room:1");
	const { pending } = useRpc("message.send");
	const { others } = useEphemeral("typing:1");
	useBroadcast(() => {});
	return (
		<p>{[state, value, members.length, pending, others.length, usePlainSocket({ url: "/ws" }).state].join(" ")}</p>
	);
}

it("renders on a server, where there is no window and nothing connects", () => {
	expect(typeof window).toBe("undefined");
	const html = renderToString(
		<YodelProvider url="/ws" credentials={cookie()}>
			<Everything />
		</YodelProvider>,
	);
	expect(html).toBe("<p>connecting nothing yet 0 false 0 idle</p>");
});
