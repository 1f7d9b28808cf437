// Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT.

/** Account is one as administrators see it. */
export interface Account {
	id: string;
	username: string;
	name: string;
	/** Role is member, moderator or admin. */
	role: string;
	disabled: boolean;
	created_at: string;
	/** Connections is how many are open now. */
	connections: number;
}

/** Accounts is one page of them. */
export interface Accounts {
	users: Account[];
	more: boolean;
}

/** Announcement is what a moderator told everybody. */
export interface Announcement {
	id: string;
	author: Person;
	text: string;
	sent_at: string;
}

/** Audit is one page of it. */
export interface Audit {
	entries: AuditEntry[];
	more: boolean;
}

/** AuditEntry is one line of it. */
export interface AuditEntry {
	id: string;
	at: string;
	action: string;
	/** Actor and Target are usernames, empty for nobody that is known. */
	actor_id: string;
	actor: string;
	target_id: string;
	target: string;
	address: string;
	detail: string;
}

/** AuditQuery asks for the audit log, the newest entry first. */
export interface AuditQuery {
	/** Before is the id of the last entry of the page before. */
	before?: string;
	/**
	 * Query is part of a username of actor or target, of an address or of a
	 * detail, empty for all.
	 */
	query?: string;
	/** Action is that of the entries, such as "login.refused", empty for all. */
	action?: string;
	/** Limit is 1 to 200, 0 for 50. */
	limit?: number;
}

/**
 * Body is what a refused client reads. All refusals have this shape, and those
 * of one status are alike to the byte.
 */
export interface Body {
	error: BodyError;
}

/** BodyError is the content of a [Body]. */
export interface BodyError {
	code: string;
	message: string;
}

/** BrowseRooms asks for public rooms by name, in its order. */
export interface BrowseRooms {
	/** Query is part of a name, empty for all. */
	query?: string;
	/** After is `next` of the page before. */
	after?: string;
	/** Limit is 1 to 100, 0 for 50. */
	limit?: number;
}

/** ChangesPage is what has changed in the room of the path. */
export interface ChangesPage {
	/**
	 * Since is the seq of the latest event that the client has.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	since?: number;
	/** Limit is 1 to 200, 0 for 100. */
	limit?: number;
}

/** Channel is one that somebody follows. */
export interface Channel {
	name: string;
	subscribers: number;
	/**
	 * Publications is how many have come since somebody follows it, PerSecond
	 * how many a second in the last ten.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	publications: number;
	per_second: number;
}

/** Connection is one that is open. */
export interface Connection {
	client: string;
	user_id: string;
	username: string;
	session_id: string;
	/**
	 * Device is that of its session, Address where it comes from, and Node the
	 * name of the one that it is connected to, empty where there is one alone.
	 */
	device: string;
	address: string;
	node: string;
	/**
	 * Carrier is how its credential travelled: cookie, header, query,
	 * subprotocol, ticket, two-step or first-message.
	 */
	carrier: string;
	since: string;
	/** Channels are those that it follows. */
	channels: string[];
	/** QueueBytes is what waits for it. */
	queue_bytes: number;
	/**
	 * RoundTripMS is that of its latest pong in milliseconds, 0 before the
	 * first.
	 */
	round_trip_ms: number;
}

/** Connections is one page of them. */
export interface Connections {
	connections: Connection[];
	/** Total is how many there are. */
	total: number;
	/** Next leads to the next page, empty at the end. */
	next: string;
	/**
	 * Missing are the names of nodes that did not answer in time: what is
	 * connected to them is neither listed nor counted.
	 */
	missing: string[];
}

/** ConnectionsQuery asks for open connections on all nodes, the oldest first. */
export interface ConnectionsQuery {
	/** UserID is whose, empty for everybody's. */
	user_id?: string;
	/** After is the next of the page before, empty for the first page. */
	after?: string;
	/** Limit is 1 to 200, 0 for 100. */
	limit?: number;
}

/** Device is one session as its owner sees it. */
export interface Device {
	id: string;
	current: boolean;
	device: string;
	address: string;
	created_at: string;
	seen_at: string;
}

/** Ended is how many there were to end. */
export interface Ended {
	count: number;
}

/** HeldToken is an access token to hold in hand. It is kept in memory alone. */
export interface HeldToken {
	token: string;
	expires_at: string;
}

/** History is one page of messages, oldest first. */
export interface History {
	messages: Message[];
	/** HasBefore and HasAfter say whether there is more on either side. */
	has_before: boolean;
	has_after: boolean;
	/**
	 * Seq is the room's when the page was read: the events up to it are in the
	 * page.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	seq: number;
}

/**
 * HistoryPage is a page of the messages of the room of the path. At most one
 * of Before, After, Around and AroundID is set; none asks for the latest.
 */
export interface HistoryPage {
	/**
	 * Before and After are exclusive.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	before?: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	after?: number;
	/**
	 * Around is in the middle of the page.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	around?: number;
	/** AroundID is the id of the message in the middle, as in a link. */
	around_id?: string;
	/** Limit is 1 to 200, 0 for 50. */
	limit?: number;
}

/** Invitation is one that can still be used. */
export interface Invitation {
	id: string;
	role: string;
	note: string;
	created_by: string;
	created_at: string;
	expires_at: string;
	/**
	 * Link is there only in the answer that made it. Its secret stands
	 * behind a #, which browsers do not send.
	 */
	link?: string;
}

/** Invitations are those that can still be used. */
export interface Invitations {
	invitations: Invitation[];
}

/** Invite makes a link with which one person may make an account. */
export interface Invite {
	/** Role is that of the account: member, moderator or admin. */
	role: string;
	/** Note says for whom, at most 100 characters. */
	note?: string;
	/** Hours is for how long, 1 to 720, 0 for 72. */
	hours?: number;
}

/** KeptOut says whether the account of the path is kept out. */
export interface KeptOut {
	disabled: boolean;
}

/** LatestAnnouncement is the latest one, null for none. */
export interface LatestAnnouncement {
	announcement?: Announcement | null;
}

/** LoginRequest is what somebody signs in with. */
export interface LoginRequest {
	username: string;
	password: string;
}

/** Me is what a person knows of themselves. */
export interface Me {
	id: string;
	username: string;
	name: string;
	/**
	 * Status is what they say of themselves at the moment, at most 100
	 * characters.
	 */
	status?: string;
	/** Colour is one of Colours, empty for none. */
	colour?: string;
	/** Role is member, moderator or admin. */
	role: string;
}

/** Member is somebody in a room. */
export interface Member {
	person: Person;
	role: string;
	joined_at: string;
}

/** Members is one page of them. */
export interface Members {
	members: Member[];
	/** More is true where another page follows. */
	more: boolean;
}

/** MembersPage is a page of the members of the room of the path. */
export interface MembersPage {
	/** After is the last username of the page before. */
	after?: string;
	/** Limit is 1 to 200, 0 for 100. */
	limit?: number;
}

/** Mention is a member whom a text names. */
export interface Mention {
	user_id: string;
	username: string;
}

/** Message is one of a room. */
export interface Message {
	id: string;
	room_id: string;
	/**
	 * Number is its place in the room, from 1.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	number: number;
	author: Person;
	/** Text is markdown without HTML; empty in one that was deleted. */
	text: string;
	/** Mentions are the members that the text names with an @. */
	mentions: Mention[];
	/** Reactions are empty in events; room.history and room.sync fill them. */
	reactions: Reaction[];
	sent_at: string;
	/** EditedAt is null for a message as it was sent. */
	edited_at?: string | null;
	/** DeletedAt is null for a message that stands. */
	deleted_at?: string | null;
	/** DeletedBy is who did, empty for nobody. */
	deleted_by?: string;
	/**
	 * Rev is the room's seq at its latest change. Of two versions the one with
	 * the higher rev counts.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	rev: number;
	/**
	 * Key is the one that the sender chose: in the answer to message.send, in
	 * message.sent, and for the sender in room.history and room.sync.
	 */
	key?: string;
}

/** Minted is the answer to a mint. */
export interface Minted {
	/** Ticket opens one connection. */
	ticket: string;
	expires_at: string;
}

/** MyRoom is a room as one member sees it. */
export interface MyRoom {
	id: string;
	/** Kind is public, private or direct. */
	kind: string;
	/** Name is empty in a direct room. */
	name: string;
	topic: string;
	created_by: string;
	created_at: string;
	/** ActiveAt is when the latest message was sent. */
	active_at: string;
	/** ArchivedAt is null while the room is in use. */
	archived_at?: string | null;
	/**
	 * Seq is that of the latest event.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	seq: number;
	/**
	 * Messages is the number of the latest message, 0 for none.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	messages: number;
	/**
	 * Members is how many there are.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	members: number;
	/** Role is what the member is here. */
	role: string;
	/**
	 * ReadNumber is the number of the latest message that was read.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	read_number: number;
	/**
	 * Unread is how many came since.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	unread: number;
	/**
	 * Mentions is how many of those mention the person.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	mentions: number;
	/** With is the other person of a direct room, null in others. */
	with?: Person | null;
}

/** MyRooms are those that a person is in, the latest active first. */
export interface MyRooms {
	rooms: MyRoom[];
}

/** NewMessage is what somebody says in the room of the path. */
export interface NewMessage {
	/** Key is a UUID that the client chooses and keeps for every retry. */
	key: string;
	/** Text has 1 to 4,000 characters. */
	text: string;
}

/** NewRole is the role that the account of the path shall have. */
export interface NewRole {
	/** Role is member, moderator or admin. */
	role: string;
}

/** Node is one process that serves connections, with counters since it started. */
export interface Node {
	id: string;
	name: string;
	connections: number;
	/**
	 * Received and Sent count messages, Delivered publications that were written
	 * to sockets.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	received: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	sent: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	delivered: number;
	/** Channels is how many have subscribers there. */
	channels: number;
}

/** Nothing is the answer where there is nothing to say. */
export interface Nothing {}

/** PasswordRequest is a change of one's own password. */
export interface PasswordRequest {
	old_password: string;
	new_password: string;
}

/** People is one page of people. */
export interface People {
	people: Person[];
	/** More is true where another page follows. */
	more: boolean;
}

/** PeopleQuery asks for people by username, in its order. */
export interface PeopleQuery {
	/** Query is part of a username or a name, empty for everybody. */
	query?: string;
	/** After is the last username of the page before. */
	after?: string;
	/** Limit is 1 to 100, 0 for 50. */
	limit?: number;
}

/** Person is what everybody who is signed in may know of somebody. */
export interface Person {
	id: string;
	username: string;
	name: string;
	/**
	 * Status is what they say of themselves at the moment, at most 100
	 * characters.
	 */
	status?: string;
	/** Colour is one of Colours, empty for none. */
	colour?: string;
}

/**
 * Profile is what a person may change of themselves; a field that is null stays
 * as it is.
 */
export interface Profile {
	/** Name has 1 to 60 characters. */
	name?: string | null;
	/** Status has at most 100 characters. */
	status?: string | null;
	/** Colour is one of Colours or empty. */
	colour?: string | null;
}

/** PublicRoom is what everybody may know of a public room. */
export interface PublicRoom {
	id: string;
	name: string;
	topic: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	members: number;
	/** Joined is true where who asks is a member. */
	joined: boolean;
}

/** PublicRooms is one page of them. */
export interface PublicRooms {
	rooms: PublicRoom[];
	/** Next begins the page that follows, empty for none. */
	next: string;
}

/** Reaction is how many have answered a message with an emoji. */
export interface Reaction {
	emoji: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	count: number;
	/** Mine is true where who asks is one of them. */
	mine: boolean;
}

/** ReadTo is the number of the latest message that was read. */
export interface ReadTo {
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	number: number;
}

/** Register makes an account with an invitation. */
export interface Register {
	/** Invitation is the secret of the link. */
	invitation: string;
	/** Username has 1 to 32 of a-z, 0-9, dot, dash and underscore. */
	username: string;
	/** Name has at most 60 characters, empty for the username. */
	name?: string;
	/** Password has 8 to 256 bytes. */
	password: string;
}

/** Role is what an account may do. */
export type Role = "member" | "moderator" | "admin";

/** Session is one login of an account. */
export interface Session {
	id: string;
	device: string;
	address: string;
	created_at: string;
	seen_at: string;
}

/** Sessions are the open ones of an account, the latest seen first. */
export interface Sessions {
	sessions: Session[];
}

/** SignedIn says who is signed in, and until when without a refresh. */
export interface SignedIn {
	user: User;
	expires_at: string;
}

/**
 * Stats are the counters of all nodes since each of them started; a page draws
 * rates from two answers, node by node.
 */
export interface Stats {
	/** At is when they were read. */
	at: string;
	/** Connections is how many are open, Pending how many are not yet known. */
	connections: number;
	pending: number;
	/**
	 * Opened counts sockets, Received and Sent messages in both directions.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	opened: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	received: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	sent: number;
	/** Closed counts sockets that ended, by close code. */
	closed: { [key: string]: number } | null;
	/**
	 * Owed, Delivered, Recoverable and Dropped are the ledger of publications.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	owed: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	delivered: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	recoverable: number;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	dropped: number;
	/**
	 * Refused counts what limits against floods refused, by limit, on the node
	 * that answers.
	 */
	refused: { [key: string]: number } | null;
	/**
	 * Channels are the 100 with the most publications a second, and Followed
	 * how many there are; beyond 100 one that is followed on two nodes counts
	 * twice.
	 */
	channels: Channel[];
	followed: number;
	/**
	 * Nodes are those that answered, the one that was asked first, and Missing
	 * the names of the others.
	 */
	nodes: Node[];
	missing: string[];
}

/**
 * Sync are the messages that were sent, edited, deleted or reacted to since,
 * each as it is now, by rev.
 */
export interface Sync {
	room: MyRoom;
	messages: Message[];
	/**
	 * Seq is where to go on: everything up to it has been told.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	seq: number;
	/**
	 * More is true where the client must ask again from Seq. One that would
	 * have to ask often reads the latest page of room.history instead.
	 */
	more: boolean;
}

/** TicketRequest is the body of a mint, which may be left out. */
export interface TicketRequest {
	/** Route is one of Config.Routes; without it the first. */
	route?: string;
	/**
	 * FirstMessage asks for a ticket that opens a connection which still has to
	 * authenticate.
	 */
	first_message?: boolean;
}

/**
 * Unread is how far a person has read in a room. It is the same on all their
 * devices.
 */
export interface Unread {
	/**
	 * ReadNumber is the number of the latest message that was read.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	read_number: number;
	/**
	 * Unread is how many came since.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	unread: number;
	/**
	 * Mentions is how many of those mention the person.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	mentions: number;
}

/** User is what a page may know of the person who signed in. */
export interface User {
	id: string;
	username: string;
	name: string;
	role: Role;
}

/** UsersQuery asks for accounts by username, in its order. */
export interface UsersQuery {
	/** Query is part of a username or a name, empty for all. */
	query?: string;
	/** After is the last username of the page before. */
	after?: string;
	/** Limit is 1 to 200, 0 for 50. */
	limit?: number;
}

/** The HTTP routes: the body that each takes, and what it answers. */
export interface YodelHttp {
	/** Signs in. */
	"POST /api/login": { in: LoginRequest; out: SignedIn };
	/** Makes an account with an invitation, and signs in. */
	"POST /api/register": { in: Register; out: SignedIn };
	/** Changes the refresh cookie for new cookies. */
	"POST /api/refresh": { in: undefined; out: SignedIn };
	/** Ends this session and what it has open. */
	"POST /api/logout": { in: undefined; out: undefined };
	/** Changes one's own password and signs every other device out. */
	"POST /api/password": { in: PasswordRequest; out: SignedIn };
	/** Issues an access token of at most five minutes, for carriers that need it in hand. */
	"POST /api/token": { in: undefined; out: HeldToken };
	/** Tells who is signed in. */
	"GET /api/me": { in: undefined; out: User };
	/** Lists one's own open sessions. */
	"GET /api/sessions": { in: undefined; out: Device[] };
	/** Signs every other device out. */
	"DELETE /api/sessions": { in: undefined; out: undefined };
	/** Signs one device out. */
	"DELETE /api/sessions/{id}": { in: undefined; out: undefined; path: { id: string } };
	/** Mints a ticket that opens one socket. */
	"POST /api/ws/ticket": { in: TicketRequest | undefined; out: Minted };
	/** The rooms one is in, latest active first, with unread counts. */
	"GET /api/rooms": { in: undefined; out: MyRooms };
	/** Public rooms by name, paged by next. */
	"GET /api/rooms/public": { in: undefined; out: PublicRooms; query: BrowseRooms };
	/** One of the rooms one is in. */
	"GET /api/rooms/{id}": { in: undefined; out: MyRoom; path: { id: string } };
	/** The members of a room, paged by after. */
	"GET /api/rooms/{id}/members": { in: undefined; out: Members; path: { id: string }; query: MembersPage };
	/** A page of messages: the latest, or before, after or around one. */
	"GET /api/rooms/{id}/messages": { in: undefined; out: History; path: { id: string }; query: HistoryPage };
	/** Says something in a room, once for each key. */
	"POST /api/rooms/{id}/messages": { in: NewMessage; out: Message; path: { id: string } };
	/** Messages that changed since an event. */
	"GET /api/rooms/{id}/changes": { in: undefined; out: Sync; path: { id: string }; query: ChangesPage };
	/** Moves the read marker, never back. */
	"PUT /api/rooms/{id}/read": { in: ReadTo; out: Unread; path: { id: string } };
	/** People by username and name, paged by after. */
	"GET /api/people": { in: undefined; out: People; query: PeopleQuery };
	/** One person. */
	"GET /api/people/{id}": { in: undefined; out: Person; path: { id: string } };
	/** Oneself. */
	"GET /api/profile": { in: undefined; out: Me };
	/** Changes one's own name, status or colour. */
	"PATCH /api/profile": { in: Profile; out: Person };
	/** The latest announcement. */
	"GET /api/announcements/latest": { in: undefined; out: LatestAnnouncement };
	/** Accounts by username, paged by after. */
	"GET /api/admin/users": { in: undefined; out: Accounts; query: UsersQuery };
	/** Gives an account another role. */
	"PUT /api/admin/users/{id}/role": { in: NewRole; out: Account; path: { id: string } };
	/** Keeps an account out, or lets it in again. */
	"PUT /api/admin/users/{id}/disabled": { in: KeptOut; out: Account; path: { id: string } };
	/** The open sessions of an account. */
	"GET /api/admin/users/{id}/sessions": { in: undefined; out: Sessions; path: { id: string } };
	/** Ends all sessions of an account. */
	"DELETE /api/admin/users/{id}/sessions": { in: undefined; out: Ended; path: { id: string } };
	/** Ends one session of an account. */
	"DELETE /api/admin/users/{id}/sessions/{session}": { in: undefined; out: Ended; path: { id: string; session: string } };
	/** Open connections, the oldest first. */
	"GET /api/admin/connections": { in: undefined; out: Connections; query: ConnectionsQuery };
	/** Ends one connection, which may come back. */
	"DELETE /api/admin/connections/{client}": { in: undefined; out: Ended; path: { client: string } };
	/** Counters since the server started. */
	"GET /api/admin/stats": { in: undefined; out: Stats };
	/** The audit log, the newest entry first. */
	"GET /api/admin/audit": { in: undefined; out: Audit; query: AuditQuery };
	/** Invitations that can still be used. */
	"GET /api/admin/invitations": { in: undefined; out: Invitations };
	/** Makes an invitation. Its link is in this answer alone. */
	"POST /api/admin/invitations": { in: Invite; out: Invitation };
	/** Takes an invitation back. */
	"DELETE /api/admin/invitations/{id}": { in: undefined; out: Nothing; path: { id: string } };
}
