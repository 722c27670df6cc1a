// An integrator's round with Tandem (round.ts) by gRPC, with @grpc/grpc-js, and messages by protoc-gen-es.
//
//   node integrator.ts 127.0.0.1:7400
import { readFileSync } from "node:fs";
import {
  create, type DescMessage, type DescMethod, type DescMethodServerStreaming, type DescMethodUnary, fromBinary,
  type MessageInitShape, type MessageShape, toBinary,
} from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import * as grpc from "@grpc/grpc-js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "./gen/google/rpc/status_pb.js";
import { NeedsService } from "./gen/tandem/needs/v1/needs_service_pb.js";
import { type CallError, integratorsRound, run } from "./round.ts";

const address = process.argv[2];
if (address === undefined) throw new Error("node integrator.ts ADDRESS");

// Waits and repeats as the published service config says.
const options = { "grpc.service_config": readFileSync(new URL("../service_config.json", import.meta.url), "utf8") };
const clientTo = (target: string) => new grpc.Client(target, grpc.credentials.createInsecure(), options);
const client = clientTo(address);

// Who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
const caller = new grpc.Metadata();
caller.set("tandem-role", "programme-system");
caller.set("tandem-actor", `example-node-grpc-${run}`);

const pathOf = (method: DescMethod) => `/${method.parent.typeName}/${method.name}`;
const encode = (schema: DescMessage) => (message: MessageShape<DescMessage>) => Buffer.from(toBinary(schema, message));
const decode = <T extends DescMessage>(schema: T) => (bytes: Uint8Array) => fromBinary(schema, bytes);

function call<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>, request: MessageInitShape<I>, over = client, callOptions: grpc.CallOptions = {}) {
  return new Promise<MessageShape<O>>((resolve, reject) =>
    over.makeUnaryRequest(pathOf(method), encode(method.input), decode(method.output), create(method.input, request),
      caller, callOptions, (error, answer) => (error ? reject(error) : resolve(answer!))));
}

async function* stream<I extends DescMessage, O extends DescMessage>(
  method: DescMethodServerStreaming<I, O>, request: MessageInitShape<I>): AsyncGenerator<MessageShape<O>> {
  const steps = client.makeServerStreamRequest(
    pathOf(method), encode(method.input), decode(method.output), create(method.input, request), caller);
  try {
    yield* steps;
  } finally {
    steps.on("error", () => {}); // the cancellation, which is ours
    steps.cancel();
  }
}

// The details of an error come in a trailer, as a google.rpc.Status whose details are of several types.
function errorOf(thrown: unknown): CallError {
  const { code, metadata } = thrown as grpc.ServiceError;
  const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
  const all = bytes ? fromBinary(StatusSchema, bytes as Buffer).details : [];
  const detail = <T extends DescMessage>(schema: T) => all.map((any) => anyUnpack(any, schema)).find((found) => found);
  const info = detail(ErrorInfoSchema);
  const delay = detail(RetryInfoSchema)?.retryDelay;
  return {
    code: grpc.status[code],
    reason: info?.domain === "tandem" ? info.reason : "",
    fields: detail(BadRequestSchema)?.fieldViolations ?? [],
    retryMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

const nobody = clientTo("127.0.0.1:1");
await integratorsRound({
  id: "NODE-GRPC",
  call,
  stream,
  errorOf,
  down: () => call(NeedsService.method.listProgrammes, {}, nobody, { deadline: Date.now() + 5000 }),
});
client.close();
nobody.close();
