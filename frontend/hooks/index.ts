"use client";
export type { Backoff } from "./backoff";
export type { ChannelState, ChannelStatus, Member, Publication } from "./channel";
export type { ChannelSnapshot, Reading, UseChannel } from "./channel-reader";
export { describeClose, isTerminal } from "./close-code";
export { type Codec, jsonInBytes } from "./codec";
export type { ConnectionOptions, ConnectionSnapshot, ConnectionState, UseConnection } from "./connection-store";
export type { ChannelNameOf, Contract, EventOf, InputOf, MethodOf, OutputOf } from "./contract";
export { createYodel, type Yodel } from "./create-yodel";
export {
	type Attempt,
	bearerEntry,
	type CredentialOptions,
	type Credentials,
	cookie,
	query,
	type Source,
	subprotocol,
	type TicketSource,
	ticket,
	token,
	twoStep,
} from "./credentials";
export type { Credential, SocketClass } from "./dial";
export type { EphemeralOptions, Other, UseEphemeral } from "./ephemeral";
export {
	type Entry,
	type Live,
	type PlainCredential,
	PlainSocket,
	type PlainSocketOptions,
	type ReadyState,
	type Renewal,
	type Snapshot,
} from "./plain-socket";
export type { PresenceSnapshot } from "./presence";
export { YodelProvider, type YodelProviderProps } from "./provider";
export { type Refusal, type RefusalReason, Refused, type Remedy } from "./refusal";
export type { RpcSnapshot, UseRpc } from "./rpc";
export { RpcError } from "./rpc-error";
export { useBroadcast } from "./use-broadcast";
export { useChannel } from "./use-channel";
export { useConnection } from "./use-connection";
export { useEphemeral } from "./use-ephemeral";
export { type UsePlainSocket, usePlainSocket } from "./use-plain-socket";
export { usePresence } from "./use-presence";
export { useRpc } from "./use-rpc";
export { type ServerChannelListener, useServerChannels } from "./use-server-channels";
