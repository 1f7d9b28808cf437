import { createYodel } from "yodel-react";
import type { YodelContract } from "../../contract/realtime.gen";

/** The hooks, with the names and types that this application's server offers. */
export const { YodelProvider, useConnection, useChannel, usePresence, useRpc, useBroadcast, useEphemeral } =
	createYodel<YodelContract>();
