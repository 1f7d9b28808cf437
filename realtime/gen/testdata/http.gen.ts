// Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT.

/** Failure is how a route refuses. */
export interface Failure {
	error: string;
}

/** PagePerson is some of many. */
export interface PagePerson {
	items: Person[];
	More: boolean;
}

/** Person is somebody. A comment with *\/ in it stays a comment. */
export interface Person {
	/** as they want it */
	name: string;
	role: Role;
	/** Boss is null for nobody's subordinate. */
	boss?: Person | null;
}

/** Role is what a person may do. */
export type Role = "member" | "admin";

/** Search narrows a list down. */
export interface Search {
	/** Name is part of one. */
	name?: string;
	from: string;
	role?: Role;
}

/** The HTTP routes: the body that each takes, and what it answers. */
export interface YodelHttp {
	/** Opens a room. */
	"POST /api/rooms/{room}": { in: Person | undefined; out: PagePerson | undefined; path: { room: string } };
	"GET /api/rooms/{room}": { in: undefined; out: Person[] | null; path: { room: string }; query: Search };
}
