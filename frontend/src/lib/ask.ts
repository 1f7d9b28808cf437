import type { YodelHttp } from "../../contract/http.gen";
import { call } from "./api";

type Of<R extends keyof YodelHttp, Name extends string> =
	YodelHttp[R] extends Record<Name, infer Value> ? Value : never;

/** What a route takes beside its name: what fills the gaps of its path, stands behind its ?, and is its body. */
export interface Question<R extends keyof YodelHttp> {
	path?: Of<R, "path">;
	query?: Of<R, "query">;
	body?: YodelHttp[R]["in"];
}

/** The address of a route, with its gaps filled. */
export function addressOf(route: string, path?: object, query?: object): string {
	const filled = route.replace(/\{(\w+)\}/g, (_, name: string) =>
		encodeURIComponent(String((path as Record<string, unknown> | undefined)?.[name])),
	);
	const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
	const behind = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
	return behind ? `${filled}?${behind}` : filled;
}

/** Asks any route of the server's contract; refuses with an `ApiError`. */
export function ask<R extends keyof YodelHttp>(
	route: R,
	question: Question<R> = {},
	signal?: AbortSignal,
): Promise<YodelHttp[R]["out"]> {
	const { path, query, body } = question as { path?: object; query?: object; body?: unknown };
	// with its gaps filled a route is an address like those without
	const address = addressOf(route, path, query) as "GET /api/me";
	return call(address, body as undefined, signal) as Promise<YodelHttp[R]["out"]>;
}
