export { type Dialled, FakeServer, type FakeServerOptions } from "./fake-server";
export type { FakeLimits } from "./limits";
export type { Peer } from "./session";
export type { WireError, WireInfo } from "./wire";
