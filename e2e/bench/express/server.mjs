// The tutorial's stack: express and express-jwt in front, ws behind, the token in
// a cookie. The control is that of ../peers/control.go without its profiles.
import { createServer, ServerResponse } from "node:http";
import cookie from "cookie";
import express from "express";
import { expressjwt } from "express-jwt";
import { WebSocketServer } from "ws";

const payload = process.env.BENCH_PAYLOAD;
const app = express();
app.use(
	expressjwt({
		secret: process.env.BENCH_KEY,
		algorithms: ["HS256"],
		getToken: (request) => cookie.parse(request.headers.cookie ?? "").session,
	}),
);
const sockets = new WebSocketServer({ noServer: true });
app.get("/ws", (request) => {
	sockets.handleUpgrade(request, request.socket, request.head, (socket) => {
		socket.on("message", (message) => socket.send(message.toString()));
	});
});
const server = createServer(app);
server.on("upgrade", (request, socket, head) => {
	request.head = head;
	const response = new ServerResponse(request);
	response.assignSocket(socket);
	app(request, response);
});

function publish() {
	for (const client of sockets.clients) client.send(payload);
}

const control = createServer((request, response) => {
	if (request.url !== "/settle") {
		response.writeHead(404).end();
		return;
	}
	for (let i = 0; i < 3; i++) globalThis.gc();
	const { heapUsed, external } = process.memoryUsage();
	response.end(`${heapUsed + external} 0 ${heapUsed}\n`);
});
control.on("upgrade", (_request, socket) => {
	socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: lines\r\nConnection: Upgrade\r\n\r\n");
	let rest = "";
	socket.on("error", () => {});
	socket.on("data", (data) => {
		const lines = (rest + data).split("\n");
		rest = lines.pop();
		for (const line of lines) {
			for (let i = Number(line.split(" ")[1]); i > 0; i--) publish();
		}
	});
});

server.listen(0, "127.0.0.1", () => {
	control.listen(0, "127.0.0.1", () => {
		console.log(`127.0.0.1:${server.address().port} 127.0.0.1:${control.address().port}`);
	});
});
