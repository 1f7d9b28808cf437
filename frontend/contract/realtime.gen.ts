// Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT.

/** An event with the tag that tells it from the others of its channel. */
export type Tagged<Type extends string, Fields> = { type: Type } & Fields;

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

/** Announce tells everybody something. */
export interface Announce {
	/** Key is a UUID of the client's, so that a retry announces once. */
	key: string;
	/** Text has 1 to 500 characters. */
	text: string;
}

/** Announced is the only message outside of any channel. */
export interface Announced {
	announcement: Announcement;
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

/** BlockChanged is somebody whom the person has blocked, or no longer blocks. */
export interface BlockChanged {
	person: Person;
	blocked: boolean;
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

/** Composing says whether somebody types; who it is, the hub tells. */
export interface Composing {
	typing: boolean;
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

/** CreateRoom makes a public or a private room, with who asks as its owner. */
export interface CreateRoom {
	/** Kind is public or private. */
	kind: string;
	/** Name has 1 to 80 characters. Open public rooms have different ones. */
	name: string;
	/** Topic has at most 250 characters. */
	topic?: string;
}

/** DirectRoom finds the direct room with somebody, or makes it. */
export interface DirectRoom {
	user_id: string;
}

/**
 * Disconnect ends one connection by its client id, or all of a user. Code
 * 3014 lets them come back at once, so this mends and does not punish;
 * disable the account or revoke its sessions to keep somebody out.
 */
export interface Disconnect {
	client?: string;
	user_id?: string;
}

/** EditMessage changes the text of a message of one's own. */
export interface EditMessage {
	message_id: string;
	/** Text has 1 to 4,000 characters. */
	text: string;
}

/** Ended is how many there were to end. */
export interface Ended {
	count: number;
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
 * HistoryQuery asks for messages of a room by their numbers. At most one of
 * Before, After, Around and AroundID is set; none asks for the latest.
 */
export interface HistoryQuery {
	room_id: string;
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

/** InvitationAdded is a room that the person is invited into. */
export interface InvitationAdded {
	invitation: RoomInvitation;
}

/** InvitationRef names an invitation. */
export interface InvitationRef {
	invitation_id: string;
}

/** InvitationRemoved is an invitation that was answered or taken back. */
export interface InvitationRemoved {
	room_id: string;
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

/**
 * Kept is somebody whom a room keeps in mind without having them as a member: they
 * are invited, or banned.
 */
export interface Kept {
	person: Person;
	/** By is the id of who invited or banned them. */
	by: string;
	at: string;
}

/** KeptPeople is one page of them. */
export interface KeptPeople {
	people: Kept[];
	/** More is true where another page follows. */
	more: boolean;
}

/**
 * MarkRead says that a person has read a room up to a message. A number below
 * the marker changes nothing.
 */
export interface MarkRead {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	number: number;
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

/** MemberChanged is a new role of a member in the room. */
export interface MemberChanged {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	user_id: string;
	role: string;
}

/** MemberJoined is somebody who came in or was invited. */
export interface MemberJoined {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	member: Member;
	/** By is who invited them, empty for nobody. */
	by?: string;
}

/** MemberLeft is somebody who left or was removed. */
export interface MemberLeft {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	user_id: string;
	/** By is who removed them, empty for those who left. */
	by?: string;
}

/** Members is one page of them. */
export interface Members {
	members: Member[];
	/** More is true where another page follows. */
	more: boolean;
}

/** MembersQuery asks for members of a room by username, in its order. */
export interface MembersQuery {
	room_id: string;
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

/** MessageDeleted leaves the place of a message empty; its reactions are gone. */
export interface MessageDeleted {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	message_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	number: number;
	deleted_at: string;
	deleted_by: string;
}

/** MessageEdited is a new text; everything else of the message stays. */
export interface MessageEdited {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	message_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	number: number;
	text: string;
	mentions: Mention[];
	edited_at: string;
}

/**
 * MessageNotice follows message.sent and message.edited with their seq. It
 * stands for them in the channel's history, which keeps no words: who recovers
 * it, or gets it without the event, has missed that and asks room.sync.
 */
export interface MessageNotice {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	message_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	number: number;
	/** Edited tells message.edited from message.sent. */
	edited?: boolean;
}

/** MessageRef names a message. */
export interface MessageRef {
	message_id: string;
}

/** MessageSent is a new message. */
export interface MessageSent {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	message: Message;
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

/** Online are those that are. */
export interface Online {
	user_ids: string[];
}

/** OnlineQuery asks who of these is connected, at most 100. */
export interface OnlineQuery {
	user_ids: string[];
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
 * PersonChanged is the only event of `presence` besides who comes and goes: a new
 * name, status or colour.
 */
export interface PersonChanged {
	person: Person;
}

/** PersonQuery asks for one person, by either. */
export interface PersonQuery {
	user_id?: string;
	username?: string;
}

/** PersonRef names somebody. */
export interface PersonRef {
	user_id: string;
}

/**
 * PresenceInfo is what the presence of a connection says of its person, beside
 * their id: `conn_info` in the protocol.
 */
export interface PresenceInfo {
	username: string;
	name: string;
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

/** ReactionChanged is one person's emoji, set or taken away. */
export interface ReactionChanged {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	message_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	number: number;
	emoji: string;
	user_id: string;
	on: boolean;
	/**
	 * Count is how many have set it now.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	count: number;
}

/** ReactionQuery asks who has answered with an emoji. */
export interface ReactionQuery {
	message_id: string;
	emoji: string;
}

/**
 * RevokeSessions ends one login of an account, or all where SessionID is
 * empty. What they have open ends with 3503.
 */
export interface RevokeSessions {
	user_id: string;
	session_id?: string;
}

/** Room is what its members know of a room. */
export interface Room {
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
}

/** RoomAdded is a room that the person is in from now on. */
export interface RoomAdded {
	room: MyRoom;
	/** By is who invited them, empty for nobody. */
	by?: string;
}

/**
 * RoomInvitation is a room that somebody is invited into. Until they accept they
 * are not in it, and know no more of it than this.
 */
export interface RoomInvitation {
	room_id: string;
	/** Kind is public or private. */
	kind: string;
	name: string;
	topic: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	members: number;
	/** By is who invites. */
	by: Person;
	at: string;
}

/** RoomInvitations are those of one person, the latest 100. */
export interface RoomInvitations {
	invitations: RoomInvitation[];
}

/** RoomPerson names somebody in a room, or who shall be: by id or by username. */
export interface RoomPerson {
	room_id: string;
	user_id?: string;
	username?: string;
}

/** RoomRef names a room. */
export interface RoomRef {
	room_id: string;
}

/** RoomRemoved is a room that the person is no longer in. */
export interface RoomRemoved {
	room_id: string;
	/** By is who removed them, empty when they left. */
	by?: string;
}

/** RoomUpdated is a new name or topic, or that the room was archived. */
export interface RoomUpdated {
	room_id: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	seq: number;
	room: Room;
}

/** Said is what everybody in the lobby hears. */
export interface Said {
	/** From is the username of who has said it. */
	from: string;
	text: string;
	at: string;
}

/** Say is what a client sends to speak. */
export interface Say {
	/** Text has 1 to 2,000 characters. */
	text: string;
}

/** SendMessage says something in a room. */
export interface SendMessage {
	room_id: string;
	/**
	 * Key is a UUID that the client chooses when the person presses enter, and
	 * keeps for every retry: the message is stored and published once.
	 */
	key: string;
	/** Text has 1 to 4,000 characters. */
	text: string;
}

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

/**
 * SessionsChanged says that a device has signed in or out: read
 * /api/sessions again.
 */
export interface SessionsChanged {}

/** SetDisabled keeps an account out, or lets it in again. */
export interface SetDisabled {
	user_id: string;
	disabled: boolean;
}

/** SetReaction adds an emoji of one's own to a message, or takes it away. */
export interface SetReaction {
	message_id: string;
	/** Emoji is one. */
	emoji: string;
	on: boolean;
}

/**
 * SetRole gives an account another role. What it has open ends with 3014 and
 * comes back with the new one.
 */
export interface SetRole {
	user_id: string;
	role: string;
}

/** SetRoomRole makes a member owner, moderator or member of a room. */
export interface SetRoomRole {
	room_id: string;
	user_id: string;
	role: string;
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

/** SyncQuery asks what has changed in a room since an event. */
export interface SyncQuery {
	room_id: string;
	/**
	 * Since is the seq of the latest event that the client has.
	 *
	 * 64 bits: JavaScript is exact up to 2^53-1.
	 */
	since: number;
	/** Limit is 1 to 200, 0 for 100. */
	limit?: number;
}

/**
 * Typing is the only event of `room:{id}:typing`. It is not kept: show it for six
 * seconds, or until the person's message arrives.
 */
export interface Typing {
	room_id: string;
	user_id: string;
	username: string;
	name: string;
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

/** UnreadChanged is a read marker that moved, on whichever device. */
export interface UnreadChanged {
	room_id: string;
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

/**
 * UpdateRoom renames a room or sets its topic; a field that is null stays as it
 * is.
 */
export interface UpdateRoom {
	room_id: string;
	name?: string | null;
	topic?: string | null;
}

/** UserRef names an account. */
export interface UserRef {
	user_id: string;
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

/** Welcome is the data of the answer to `connect`. */
export interface Welcome {
	me: Me;
	/** Announcement is the latest one, null for none. */
	announcement?: Announcement | null;
	/**
	 * Presence is false where too many are connected for a list of who is
	 * there; ask people.online instead.
	 */
	presence: boolean;
}

/** What flows over the socket: calls, events by the pattern of their channel, and messages outside of any. */
export interface YodelContract {
	rpc: {
		"admin.audit": { in: AuditQuery; out: Audit };
		"admin.connections": { in: ConnectionsQuery; out: Connections };
		"admin.disable": { in: SetDisabled; out: Account };
		"admin.disconnect": { in: Disconnect; out: Ended };
		"admin.invitations": { in: Nothing; out: Invitations };
		"admin.invite": { in: Invite; out: Invitation };
		"admin.revoke": { in: RevokeSessions; out: Ended };
		"admin.role": { in: SetRole; out: Account };
		"admin.sessions": { in: UserRef; out: Sessions };
		"admin.stats": { in: Nothing; out: Stats };
		"admin.uninvite": { in: InvitationRef; out: Nothing };
		"admin.users": { in: UsersQuery; out: Accounts };
		"announcement.send": { in: Announce; out: Announcement };
		"invitation.accept": { in: RoomRef; out: MyRoom };
		"invitation.decline": { in: RoomRef; out: Nothing };
		"invitation.list": { in: Nothing; out: RoomInvitations };
		"lobby.say": { in: Say; out: Said };
		"message.delete": { in: MessageRef; out: Message };
		"message.edit": { in: EditMessage; out: Message };
		"message.send": { in: SendMessage; out: Message };
		"people.block": { in: PersonRef; out: Nothing };
		"people.blocked": { in: Nothing; out: People };
		"people.get": { in: PersonQuery; out: Person };
		"people.list": { in: PeopleQuery; out: People };
		"people.online": { in: OnlineQuery; out: Online };
		"people.unblock": { in: PersonRef; out: Nothing };
		"profile.get": { in: Nothing; out: Me };
		"profile.set": { in: Profile; out: Person };
		"reaction.people": { in: ReactionQuery; out: People };
		"reaction.set": { in: SetReaction; out: Message };
		"read.mark": { in: MarkRead; out: Unread };
		"room.archive": { in: RoomRef; out: MyRoom };
		"room.ban": { in: RoomPerson; out: Nothing };
		"room.banned": { in: MembersQuery; out: KeptPeople };
		"room.browse": { in: BrowseRooms; out: PublicRooms };
		"room.create": { in: CreateRoom; out: MyRoom };
		"room.direct": { in: DirectRoom; out: MyRoom };
		"room.get": { in: RoomRef; out: MyRoom };
		"room.history": { in: HistoryQuery; out: History };
		"room.invite": { in: RoomPerson; out: Kept };
		"room.invited": { in: MembersQuery; out: KeptPeople };
		"room.join": { in: RoomRef; out: MyRoom };
		"room.leave": { in: RoomRef; out: Nothing };
		"room.list": { in: Nothing; out: MyRooms };
		"room.members": { in: MembersQuery; out: Members };
		"room.remove": { in: RoomPerson; out: Nothing };
		"room.role": { in: SetRoomRole; out: Nothing };
		"room.sync": { in: SyncQuery; out: Sync };
		"room.unban": { in: RoomPerson; out: Nothing };
		"room.uninvite": { in: RoomPerson; out: Nothing };
		"room.update": { in: UpdateRoom; out: MyRoom };
		"typing.set": { in: RoomRef; out: Nothing };
	};
	channels: {
		"lobby": Said;
		"lobby:typing": Composing;
		"presence": Tagged<"person.changed", PersonChanged>;
		"room:{id}":
			| Tagged<"message.sent", MessageSent>
			| Tagged<"message.edited", MessageEdited>
			| Tagged<"message.deleted", MessageDeleted>
			| Tagged<"message.notice", MessageNotice>
			| Tagged<"reaction.changed", ReactionChanged>
			| Tagged<"member.joined", MemberJoined>
			| Tagged<"member.left", MemberLeft>
			| Tagged<"member.changed", MemberChanged>
			| Tagged<"room.updated", RoomUpdated>;
		"room:{id}:typing": Tagged<"typing", Typing>;
		"user:{id}":
			| Tagged<"room.added", RoomAdded>
			| Tagged<"room.removed", RoomRemoved>
			| Tagged<"unread.changed", UnreadChanged>
			| Tagged<"sessions.changed", SessionsChanged>
			| Tagged<"invitation.added", InvitationAdded>
			| Tagged<"invitation.removed", InvitationRemoved>
			| Tagged<"block.changed", BlockChanged>;
	};
	messages: Tagged<"announced", Announced>;
}
