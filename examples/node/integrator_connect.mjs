// An integrator's round with Tandem (round.mjs) by Connect over HTTP, with @connectrpc/connect-node.
// The services come from a descriptor set that buf makes (examples/README.md); with protoc-gen-es one gets
// the same with types.
//
//   node integrator_connect.mjs 127.0.0.1:7480
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { anyUnpack, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { integratorsRound, run } from "./round.mjs";

const address = process.argv[2];
if (address === undefined) throw new Error("node integrator_connect.mjs HTTP_ADDRESS");

const descriptors = readFileSync(new URL("out/tandem.binpb", import.meta.url));
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
const TIMEOUT_MS = 10_000; // gRPC's clients take theirs from service_config.json

// Who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
const headers = { "tandem-role": "programme-system", "tandem-actor": `example-node-connect-${run}` };

const transportTo = (target) =>
  createConnectTransport({ baseUrl: `http://${target}`, httpVersion: "1.1", useHttpGet: true });
const transport = transportTo(address);

// "package.Service/Method" -> the client's function of that method.
function functionOf(method, over = transport) {
  const [service, name] = method.split("/");
  return createClient(registry.getService(service), over)[name[0].toLowerCase() + name.slice(1)];
}

const call = (method, request, over = transport) => functionOf(method, over)(request, { headers, timeoutMs: TIMEOUT_MS });

async function* stream(method, request) {
  const leaving = new AbortController();
  try {
    yield* functionOf(method)(request, { headers, signal: leaving.signal });
  } finally {
    leaving.abort();
  }
}

function errorOf(thrown) {
  const error = ConnectError.from(thrown);
  const detail = (type) => error.findDetails(registry.getMessage(type))[0];
  const info = detail("google.rpc.ErrorInfo");
  const delay = detail("google.rpc.RetryInfo")?.retryDelay;
  return {
    code: Code[error.code].replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(),
    reason: info?.domain === "tandem" ? info.reason : "",
    fields: detail("google.rpc.BadRequest")?.fieldViolations ?? [],
    retryMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

await integratorsRound({
  id: "NODE-CONNECT",
  call,
  stream,
  errorOf,
  enum: (type, name) => registry.getEnum(type).values.find((value) => value.name === name).number,
  solved: ({ result }) => {
    if (result.case === "error") throw new Error(`not solved: ${result.value.message}`);
    return anyUnpack(result.value, registry);
  },
  down: () => call("tandem.needs.v1.NeedsService/ListProgrammes", {}, transportTo("127.0.0.1:1")),
});
