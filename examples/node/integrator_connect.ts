// An integrator's round with Tandem (round.ts) by Connect over HTTP, with @connectrpc/connect-node.
//
//   node integrator_connect.ts 127.0.0.1:7480
import type {
  DescMessage, DescMethodServerStreaming, DescMethodUnary, MessageInitShape, MessageShape,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { NeedsService } from "./gen/tandem/needs/v1/needs_service_pb.js";
import { type CallError, integratorsRound, run } from "./round.ts";

const address = process.argv[2];
if (address === undefined) throw new Error("node integrator_connect.ts HTTP_ADDRESS");

const TIMEOUT_MS = 10_000; // gRPC's clients take theirs from service_config.json

// Who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
const headers = { "tandem-role": "programme-system", "tandem-actor": `example-node-connect-${run}` };

const transportTo = (target: string) =>
  createConnectTransport({ baseUrl: `http://${target}`, httpVersion: "1.1", useHttpGet: true });
const transport = transportTo(address);

async function call<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>, request: MessageInitShape<I>, over: Transport = transport): Promise<MessageShape<O>> {
  return (await over.unary(method, undefined, TIMEOUT_MS, headers, request)).message;
}

async function* stream<I extends DescMessage, O extends DescMessage>(
  method: DescMethodServerStreaming<I, O>, request: MessageInitShape<I>): AsyncGenerator<MessageShape<O>> {
  const leaving = new AbortController();
  const requests = (async function* () { yield request; })();
  try {
    yield* (await transport.stream(method, leaving.signal, undefined, headers, requests)).message;
  } finally {
    leaving.abort();
  }
}

function errorOf(thrown: unknown): CallError {
  const error = ConnectError.from(thrown);
  const [info] = error.findDetails(ErrorInfoSchema);
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return {
    code: Code[error.code]!.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(),
    reason: info?.domain === "tandem" ? info.reason : "",
    fields: error.findDetails(BadRequestSchema)[0]?.fieldViolations ?? [],
    retryMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

await integratorsRound({
  id: "NODE-CONNECT",
  call,
  stream,
  errorOf,
  down: () => createClient(NeedsService, transportTo("127.0.0.1:1")).listProgrammes({}, { headers }),
});
