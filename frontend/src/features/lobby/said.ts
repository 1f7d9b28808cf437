import type { EventOf } from "yodel-react";
import type { YodelContract } from "../../../contract/realtime.gen";

/** One thing that was said, at a position that no other has. */
export type Said = EventOf<YodelContract, "lobby"> & { offset: number };
