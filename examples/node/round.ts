// An integrator's round with Tandem: upserts a need, ranks mentors for it, solves a cohort, follows the
// events, and handles every kind of error. The same for each transport: integrator.ts calls by gRPC
// (@grpc/grpc-js), integrator_connect.ts by Connect (@connectrpc/connect-node). Messages and services are
// made from Tandem's protos by protoc-gen-es (buf.gen.yaml).
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  DescMessage, DescMethodServerStreaming, DescMethodUnary, MessageInitShape, MessageShape,
} from "@bufbuild/protobuf";
import { equals } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Operations } from "./gen/google/longrunning/operations_pb.js";
import type { BadRequest_FieldViolation } from "./gen/google/rpc/error_details_pb.js";
import { CefrLevel } from "./gen/tandem/common/v1/language_pb.js";
import { Modality, ServiceType } from "./gen/tandem/common/v1/service_type_pb.js";
import { type Event, EventStart, EventsService } from "./gen/tandem/events/v1/events_service_pb.js";
import { CohortRunSchema } from "./gen/tandem/matching/v1/cohort_pb.js";
import { MatchingService } from "./gen/tandem/matching/v1/matching_service_pb.js";
import { type EngagementRequest, EngagementRequestSchema } from "./gen/tandem/needs/v1/engagement_request_pb.js";
import { UpsertEngagementRequestResponseSchema } from "./gen/tandem/needs/v1/engagement_request_requests_pb.js";
import { NeedsService } from "./gen/tandem/needs/v1/needs_service_pb.js";
import { ProfilesService } from "./gen/tandem/profiles/v1/profiles_service_pb.js";

// What an error of a call says.
export interface CallError {
  code: string; // as gRPC names it
  reason: string; // of Tandem's ErrorInfo; empty when the error comes from the connection
  fields: BadRequest_FieldViolation[]; // the violated fields of a request
  retryMs: number | undefined; // how long the server asks to wait
}

// How to call, by whatever transport.
export interface Tandem {
  readonly id: string; // short, for external ids
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>, request: MessageInitShape<I>): Promise<MessageShape<O>>;
  // Leaving the loop over the answers ends the call.
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>, request: MessageInitShape<I>): AsyncIterable<MessageShape<O>>;
  errorOf(error: unknown): CallError;
  down(): Promise<unknown>; // a call to a server that is down
}

const needs = NeedsService.method;
const matching = MatchingService.method;
const events = EventsService.method;
const MAX_ATTEMPTS = 8;
const MOST_CALLS = 5000;

export const run = randomUUID().slice(0, 8); // makes this run's external ids its own

// Calls, and repeats the SAME request where that helps. A write is safe to repeat, even after a lost
// connection, because its requestId stays the same: if the first one was committed, its answer comes
// again. gRPC repeats quickly by itself, by the service config; this goes on for longer, and waits as
// the server asks when a quota is used up.
async function call<I extends DescMessage, O extends DescMessage>(
  tandem: Tandem, method: DescMethodUnary<I, O>, request: MessageInitShape<I>): Promise<MessageShape<O>> {
  for (let attempt = 1; ; ++attempt) {
    try {
      return await tandem.call(method, request);
    } catch (error) {
      const { code, retryMs } = tandem.errorOf(error);
      if (attempt === MAX_ATTEMPTS) throw error;
      if (retryMs !== undefined) {
        await sleep(retryMs);
      } else if (code === "UNAVAILABLE" || code === "DEADLINE_EXCEEDED") {
        await sleep(Math.min(200 * 2 ** attempt, 5000));
      } else {
        throw error; // repeating does not help: the caller decides by code and reason
      }
    }
  }
}

// The error of a call that is to fail.
async function failure(tandem: Tandem, promise: Promise<unknown>): Promise<CallError> {
  const error = await promise.then(() => undefined, (thrown: unknown) => tandem.errorOf(thrown));
  if (error === undefined) throw new Error("the call did not fail");
  console.log(`error: ${error.code} ${error.reason || "no reason: repeat"}`);
  return error;
}

// Upserts by external id: no need to keep Tandem's names.
async function upsert(tandem: Tandem): Promise<EngagementRequest> {
  const { programmes } = await call(tandem, needs.listProgrammes, { filter: 'external_id = "LDC-2027"' });
  const { organisations } = await call(tandem, ProfilesService.method.listOrganisations,
    { filter: 'kind = "ORGANISATION_KIND_NSB"' });
  const languages = ["en", "fr"].map((language) => ({ language, minSpoken: CefrLevel.B2 }));
  const need: MessageInitShape<typeof EngagementRequestSchema> = {
    externalId: `EX-${tandem.id}-${run}`,
    programme: programmes[0]!.name,
    organisations: [organisations[0]!.name],
    serviceType: ServiceType.COACHING,
    title: "A working enquiry point",
    modalities: [Modality.REMOTE],
    roles: [{
      roleId: "lead", maxMentors: 1, hoursPerMonth: 6, languages,
      topics: [{ topic: "wto-tbt.enquiry-point", minLevel: 3, weight: 10 }],
    }],
    period: { startDate: { year: 2027, month: 2, day: 1 }, endDate: { year: 2027, month: 7, day: 31 } },
  };
  const write = { engagementRequest: need, requestId: `upsert-${run}` };
  const first = await call(tandem, needs.upsertEngagementRequest, write);
  console.log(`upserted: ${need.externalId} ${first.created ? "created" : "existed"}`);
  // As after a lost connection: the same call again answers the same, and nothing is doubled.
  const again = await call(tandem, needs.upsertEngagementRequest, write);
  const same = equals(UpsertEngagementRequestResponseSchema, first, again);
  console.log(same ? "repeated: same answer" : "repeated: ANOTHER ANSWER");
  // A programming error: a new request takes a new requestId.
  const other = { ...write, engagementRequest: { ...need, title: "Something else" } };
  await failure(tandem, call(tandem, needs.upsertEngagementRequest, other));
  return first.engagementRequest!;
}

// Matching follows the other services, some milliseconds behind: atLeast makes it wait for our write.
async function rank(tandem: Tandem, need: EngagementRequest): Promise<void> {
  const ranked = await call(tandem, matching.rankMentors,
    { need: `${need.name}/roles/lead`, pageSize: 3, atLeast: { needs: need.revision } });
  console.log(`ranked: ${ranked.eligibleCount} of ${ranked.consideredCount} eligible`);
  for (const { rank, mentor, scoreMicropoints } of ranked.mentors) {
    console.log(`  ${rank}. ${mentor} ${(Number(scoreMicropoints) / 1e4).toFixed(2)} points`);
  }
}

// Solves a cohort: a long-running operation, polled with backoff. Its name outlives the server.
async function solve(tandem: Tandem, need: EngagementRequest): Promise<void> {
  const { cohort } = await call(tandem, matching.upsertCohort, {
    requestId: `cohort-${run}`,
    cohort: {
      externalId: `EX-${tandem.id}-${run}`, displayName: "Example", programme: need.programme,
      engagementRequests: [need.name],
    },
  });
  let operation = await call(tandem, matching.solveCohort, { name: cohort!.name, requestId: `solve-${run}` });
  for (let wait = 50; !operation.done; wait = Math.min(wait * 2, 5000)) {
    await sleep(wait);
    operation = await call(tandem, Operations.method.getOperation, { name: operation.name });
  }
  if (operation.result.case !== "response") throw new Error(`not solved: ${operation.result.value?.message}`);
  const solved = anyUnpack(operation.result.value, CohortRunSchema)!;
  console.log(`solved: ${solved.needsServed} of ${solved.needCount} needs served, ` +
    `certificate ${solved.certificateChecked ? "checked" : "NOT CHECKED"}`);
}

// Follows the events from a cursor; keep the cursor with what you made of the events.
async function follow(tandem: Tandem, start: string, need: EngagementRequest): Promise<void> {
  // Polled: one page, and the cursor behind it.
  const page = await call(tandem, events.listEvents, { cursor: start, pageSize: 1 });
  const seen: Event[] = [...page.events];
  let cursor = page.nextCursor;
  const cohortSeen = () => seen.some((event) => event.resource.startsWith("cohorts/"));
  // Followed from there. A stream that breaks (UNAVAILABLE) is resumed with the last cursor.
  while (!cohortSeen()) {
    try {
      for await (const step of tandem.stream(events.watchEvents, { cursor })) {
        seen.push(...step.events);
        cursor = step.cursor;
        if (cohortSeen()) break;
      }
    } catch (error) {
      if (tandem.errorOf(error).code !== "UNAVAILABLE") throw error;
      await sleep(1000);
    }
  }
  const twice = new Set(seen.map((event) => event.eventId)).size !== seen.length;
  const mine = seen.filter((event) => event.ownRequestId === `upsert-${run}`).map((event) => event.resource);
  console.log(`events: followed, ${twice ? "SOME TWICE" : "none twice"}, ` +
    `own change of the need ${mine.join() === need.name ? "seen" : "NOT SEEN"}`);
}

// An edit with an old etag is refused: read again, apply the edit to what is now, send that.
async function loseNoUpdate(tandem: Tandem, need: EngagementRequest): Promise<void> {
  const edit = (etag: string, title: string) => call(tandem, needs.updateEngagementRequest, {
    engagementRequest: { name: need.name, etag, title }, updateMask: { paths: ["title"] }, requestId: randomUUID(),
  });
  await edit(need.etag, "Edited by somebody else");
  const { reason } = await failure(tandem, edit(need.etag, "Edited by me"));
  if (reason !== "ETAG_MISMATCH") throw new Error(reason);
  const now = await call(tandem, needs.getEngagementRequest, { name: need.name });
  console.log(`edited: ${(await edit(now.etag, "Edited by me")).title}`);
}

async function meetOtherErrors(tandem: Tandem): Promise<void> {
  // Every violated field comes at once: show them beside their inputs.
  const { fields } = await failure(tandem, call(tandem, needs.upsertEngagementRequest,
    { engagementRequest: { externalId: "EX-BAD" }, requestId: `bad-${run}` }));
  for (const { field, description } of fields) console.log(`  field ${field}: ${description}`);
  await failure(tandem, call(tandem, needs.getEngagementRequest, { name: "engagementRequests/none" }));
  // Without a reason the error comes from the connection: repeat, with the same requestId.
  await failure(tandem, tandem.down());
}

// Beyond the quota the server says in a RetryInfo when to come again; call() waits for so long.
async function meetTheQuota(tandem: Tandem, need: EngagementRequest): Promise<void> {
  const get = { name: need.name };
  for (let sent = 0; sent < MOST_CALLS; sent += 200) {
    const once = () => tandem.call(needs.getEngagementRequest, get);
    const results = await Promise.allSettled(Array.from({ length: 200 }, once));
    const refused = results.find((result) => result.status === "rejected");
    if (refused === undefined) continue;
    await failure(tandem, Promise.reject(refused.reason));
    await call(tandem, needs.getEngagementRequest, get);
    console.log("quota: waited as RetryInfo says, then answered");
    return;
  }
  console.log("quota: not reached");
}

export async function integratorsRound(tandem: Tandem): Promise<void> {
  const { nextCursor } = await call(tandem, events.listEvents, { start: EventStart.NOW });
  const need = await upsert(tandem);
  await rank(tandem, need);
  await solve(tandem, need);
  await follow(tandem, nextCursor, need);
  await loseNoUpdate(tandem, need);
  await meetOtherErrors(tandem);
  await meetTheQuota(tandem, need);
}
