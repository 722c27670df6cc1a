// An integrator's round with Tandem (round.mjs) by gRPC, with @grpc/grpc-js and @grpc/proto-loader, which
// read the protos as they stand: no code is generated.
//
//   node integrator.mjs 127.0.0.1:7400
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import { integratorsRound, run } from "./round.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const address = process.argv[2];
if (address === undefined) throw new Error("node integrator.mjs ADDRESS");

const definitions = protoLoader.loadSync([
  "tandem/profiles/v1/profiles_service.proto",
  "tandem/needs/v1/needs_service.proto",
  "tandem/matching/v1/matching_service.proto",
  "tandem/events/v1/events_service.proto",
  "google/longrunning/operations.proto",
  "google/rpc/status.proto",
  "google/rpc/error_details.proto",
], {
  // The second folder has Google's protos, as the npm package google-proto-files brings them.
  includeDirs: [path("../../protos"), path("../../tools/node/node_modules/google-proto-files")],
  defaults: true,
  longs: String,
  enums: String,
});
const packages = grpc.loadPackageDefinition(definitions);
const options = { "grpc.service_config": readFileSync(path("../service_config.json"), "utf8") };

// Who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
const caller = new grpc.Metadata();
caller.set("tandem-role", "programme-system");
caller.set("tandem-actor", `example-node-grpc-${run}`);

const clients = {};
function clientOf(service, target = address) {
  const Client = service.split(".").reduce((scope, part) => scope[part], packages);
  return (clients[`${service} ${target}`] ??= new Client(target, grpc.credentials.createInsecure(), options));
}

function call(method, request, target = address, callOptions = {}) {
  const [service, name] = method.split("/");
  return new Promise((resolve, reject) =>
    clientOf(service, target)[name](request, caller, callOptions, (error, answer) => (error ? reject(error) : resolve(answer))));
}

async function* stream(method, request) {
  const [service, name] = method.split("/");
  const steps = clientOf(service)[name](request, caller);
  try {
    yield* steps;
  } finally {
    steps.on("error", () => {}); // the cancellation, which is ours
    steps.cancel();
  }
}

const decode = (type, bytes) => definitions[type].deserialize(Buffer.from(bytes));

// The details of an error come in a trailer, as a google.rpc.Status whose details are of several types.
function errorOf(error) {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const details = {};
  for (const { type_url: url, value } of bytes ? decode("google.rpc.Status", bytes).details : []) {
    const type = url.split("/").pop();
    details[type] = decode(type, value);
  }
  const info = details["google.rpc.ErrorInfo"];
  const delay = details["google.rpc.RetryInfo"]?.retryDelay;
  return {
    code: grpc.status[error.code],
    reason: info?.domain === "tandem" ? info.reason : "",
    fields: details["google.rpc.BadRequest"]?.fieldViolations ?? [],
    retryMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

await integratorsRound({
  id: "NODE-GRPC",
  call,
  stream,
  errorOf,
  enum: (_, name) => name,
  solved: ({ response, error }) => {
    if (error) throw new Error(`not solved: ${error.message}`);
    return decode("tandem.matching.v1.CohortRun", response.value);
  },
  down: () => call("tandem.needs.v1.NeedsService/ListProgrammes", {}, "127.0.0.1:1", { deadline: Date.now() + 5000 }),
});
for (const client of Object.values(clients)) client.close();
