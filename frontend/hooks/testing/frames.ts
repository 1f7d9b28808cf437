import type { Command } from "./wire";

const requests = [
	"connect",
	"subscribe",
	"unsubscribe",
	"publish",
	"presence",
	"presence_stats",
	"history",
	"rpc",
	"send",
	"refresh",
	"sub_refresh",
] as const;

/** The commands of a frame up to the first that the protocol does not allow, and whether there is one. */
export function commandsOf(text: string, most: number): { commands: Command[]; bad: boolean } {
	const commands: Command[] = [];
	for (const line of text.replace(/\n$/, "").split("\n")) {
		const command = commands.length < most ? read(line) : undefined;
		if (!command) return { commands, bad: true };
		commands.push(command);
	}
	return { commands, bad: false };
}

/** A command has an id and one request; a `send` needs none. The fake sends no ping, so nobody has to answer one. */
function read(line: string): Command | undefined {
	let command: Command;
	try {
		command = JSON.parse(line) as Command;
	} catch {
		return undefined;
	}
	if (typeof command !== "object" || command === null) return undefined;
	const present = requests.filter((name) => command[name] !== undefined);
	const one = present.length === 1 && !("ping" in command);
	return one && (validId(command.id) || present[0] === "send") ? command : undefined;
}

const validId = (id: unknown) => Number.isInteger(id) && (id as number) > 0 && (id as number) < 2 ** 32;
