import { expect, test } from "vitest";
import { nameOf } from "./device-name";

test.each([
	["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"],
	["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"],
	["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iOS"],
	["curl/8.5.0", "curl"],
	["", "An unknown device"],
])("%s is %s", (device, name) => expect(nameOf(device)).toBe(name));
