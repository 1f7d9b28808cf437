/** A refused request, with the code and sentence that the server gave. */
export class ApiError extends Error {
	override name = "ApiError";
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

export interface User {
	id: string;
	username: string;
	name: string;
	role: "member" | "moderator" | "admin";
}

async function call<T>(method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
	const init: RequestInit = { method, signal: signal ?? null };
	if (body !== undefined) {
		init.headers = { "Content-Type": "application/json" };
		init.body = JSON.stringify(body);
	}
	const response = await fetch(path, init);
	if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
	const refused = (await response.json().catch(() => null)) as { error?: { code: string; message: string } } | null;
	throw new ApiError(response.status, refused?.error?.code ?? "internal", refused?.error?.message ?? "Try again.");
}

export const api = {
	me: (signal?: AbortSignal) => call<User>("GET", "/api/me", undefined, signal),
	login: (username: string, password: string) => call<{ user: User }>("POST", "/api/login", { username, password }),
	logout: () => call<void>("POST", "/api/logout"),
	token: (signal?: AbortSignal) => call<{ token: string }>("POST", "/api/token", undefined, signal),
};
