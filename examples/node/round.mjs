// An integrator's round with Tandem: upserts a need, ranks mentors for it, solves a cohort, follows the
// events, and handles every kind of error. The same for each transport: integrator.mjs calls by gRPC
// (@grpc/grpc-js), integrator_connect.mjs by Connect (@connectrpc/connect-node).
//
// `tandem` says how to call:
//   id                          short, for external ids
//   call(method, request)       one call: "tandem.needs.v1.NeedsService/GetProgramme" -> the answer
//   stream(method, request)     an async iterable of answers; leaving the loop ends the call
//   solved(operation)           the CohortRun in a finished operation
//   enum(type, name)            a value of an enum, as the transport wants it
//   errorOf(error)              {code, reason, fields: [{field, description}], retryMs}
//   down()                      a call to a server that is down
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const NEEDS = "tandem.needs.v1.NeedsService";
const MATCHING = "tandem.matching.v1.MatchingService";
const EVENTS = "tandem.events.v1.EventsService";
const MAX_ATTEMPTS = 8;

export const run = randomUUID().slice(0, 8); // makes this run's external ids its own

// Calls, and repeats the SAME request where that helps. A write is safe to repeat, even after a lost
// connection, because its requestId stays the same: if the first one was committed, its answer comes
// again. gRPC repeats quickly by itself, by the service config; this goes on for longer, and waits as
// the server asks when a quota is used up.
async function call(tandem, method, request) {
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
async function failure(tandem, promise) {
  const answered = await promise.then(() => true, (error) => tandem.errorOf(error));
  if (answered === true) throw new Error("the call did not fail");
  console.log(`error: ${answered.code} ${answered.reason || "no reason: repeat"}`);
  return answered;
}

// Upserts by external id: no need to keep Tandem's names.
async function upsert(tandem) {
  const { programmes } = await call(tandem, `${NEEDS}/ListProgrammes`, { filter: 'external_id = "LDC-2027"' });
  const { organisations } = await call(tandem, "tandem.profiles.v1.ProfilesService/ListOrganisations",
    { filter: 'kind = "ORGANISATION_KIND_NSB"' });
  const languages = ["en", "fr"].map((language) => ({ language, minSpoken: tandem.enum("tandem.common.v1.CefrLevel", "CEFR_LEVEL_B2") }));
  const engagementRequest = {
    externalId: `EX-${tandem.id}-${run}`,
    programme: programmes[0].name,
    organisations: [organisations[0].name],
    serviceType: tandem.enum("tandem.common.v1.ServiceType", "SERVICE_TYPE_COACHING"),
    title: "A working enquiry point",
    modalities: [tandem.enum("tandem.common.v1.Modality", "MODALITY_REMOTE")],
    roles: [{
      roleId: "lead", maxMentors: 1, hoursPerMonth: 6, languages,
      topics: [{ topic: "wto-tbt.enquiry-point", minLevel: 3, weight: 10 }],
    }],
    period: { startDate: { year: 2027, month: 2, day: 1 }, endDate: { year: 2027, month: 7, day: 31 } },
  };
  const write = { engagementRequest, requestId: `upsert-${run}` };
  const first = await call(tandem, `${NEEDS}/UpsertEngagementRequest`, write);
  console.log(`upserted: ${engagementRequest.externalId} ${first.created ? "created" : "existed"}`);
  // As after a lost connection: the same call again answers the same, and nothing is doubled.
  const again = await call(tandem, `${NEEDS}/UpsertEngagementRequest`, write);
  const same = again.created && again.engagementRequest.etag === first.engagementRequest.etag;
  console.log(same ? "repeated: same answer" : "repeated: ANOTHER ANSWER");
  // A programming error: a new request takes a new requestId.
  engagementRequest.title = "Something else";
  await failure(tandem, call(tandem, `${NEEDS}/UpsertEngagementRequest`, write));
  return first.engagementRequest;
}

async function rank(tandem, need) {
  const ranked = await call(tandem, `${MATCHING}/RankMentors`, { need: `${need.name}/roles/lead`, pageSize: 3 });
  console.log(`ranked: ${ranked.eligibleCount} of ${ranked.consideredCount} eligible`);
  for (const { rank, mentor, scoreMicropoints } of ranked.mentors) {
    console.log(`  ${rank}. ${mentor} ${(Number(scoreMicropoints) / 1e4).toFixed(2)} points`);
  }
}

// Solves a cohort: a long-running operation, polled with backoff. Its name outlives the server.
async function solve(tandem, need) {
  const cohort = {
    externalId: `EX-${tandem.id}-${run}`, displayName: "Example", programme: need.programme,
    engagementRequests: [need.name],
  };
  const upserted = await call(tandem, `${MATCHING}/UpsertCohort`, { cohort, requestId: `cohort-${run}` });
  let operation = await call(tandem, `${MATCHING}/SolveCohort`, { name: upserted.cohort.name, requestId: `solve-${run}` });
  for (let wait = 50; !operation.done; wait = Math.min(wait * 2, 5000)) {
    await sleep(wait);
    operation = await call(tandem, "google.longrunning.Operations/GetOperation", { name: operation.name });
  }
  const { needsServed, needCount, certificateChecked } = tandem.solved(operation);
  console.log(`solved: ${needsServed} of ${needCount} needs served, certificate ${certificateChecked ? "checked" : "NOT CHECKED"}`);
}

// Follows the events from a cursor; keep the cursor with what you made of the events.
async function follow(tandem, start, need) {
  // Polled: one page, and the cursor behind it.
  const page = await call(tandem, `${EVENTS}/ListEvents`, { cursor: start, pageSize: 1 });
  const events = [...page.events];
  let cursor = page.nextCursor;
  const cohortSeen = () => events.some((event) => event.resource.startsWith("cohorts/"));
  // Followed from there. A stream that breaks (UNAVAILABLE) is resumed with the last cursor.
  while (!cohortSeen()) {
    try {
      for await (const step of tandem.stream(`${EVENTS}/WatchEvents`, { cursor })) {
        events.push(...step.events);
        cursor = step.cursor;
        if (cohortSeen()) break;
      }
    } catch (error) {
      if (tandem.errorOf(error).code !== "UNAVAILABLE") throw error;
      await sleep(1000);
    }
  }
  const ids = new Set(events.map((event) => event.eventId));
  const mine = events.filter((event) => event.ownRequestId === `upsert-${run}`);
  const seen = mine.length === 1 && mine[0].resource === need.name;
  console.log(`events: followed, ${ids.size === events.length ? "none twice" : "SOME TWICE"}, ` +
    `own change of the need ${seen ? "seen" : "NOT SEEN"}`);
}

// An edit with an old etag is refused: read again, apply the edit to what is now, send that.
async function loseNoUpdate(tandem, need) {
  const edit = (etag, title) => call(tandem, `${NEEDS}/UpdateEngagementRequest`, {
    engagementRequest: { name: need.name, etag, title }, updateMask: { paths: ["title"] }, requestId: randomUUID(),
  });
  await edit(need.etag, "Edited by somebody else");
  const { reason } = await failure(tandem, edit(need.etag, "Edited by me"));
  if (reason !== "ETAG_MISMATCH") throw new Error(reason);
  const now = await call(tandem, `${NEEDS}/GetEngagementRequest`, { name: need.name });
  console.log(`edited: ${(await edit(now.etag, "Edited by me")).title}`);
}

async function meetOtherErrors(tandem) {
  // Every violated field comes at once: show them beside their inputs.
  const { fields } = await failure(tandem, call(tandem, `${NEEDS}/UpsertEngagementRequest`,
    { engagementRequest: { externalId: "EX-BAD" }, requestId: `bad-${run}` }));
  for (const { field, description } of fields) console.log(`  field ${field}: ${description}`);
  await failure(tandem, call(tandem, `${NEEDS}/GetEngagementRequest`, { name: "engagementRequests/none" }));
  // Without a reason the error comes from the connection: repeat, with the same requestId.
  await failure(tandem, tandem.down());
}

// Beyond the quota the server says in a RetryInfo when to come again; call() waits for so long.
async function meetTheQuota(tandem, need) {
  const get = (how) => how(`${NEEDS}/GetEngagementRequest`, { name: need.name });
  const once = () => get((method, request) => tandem.call(method, request));
  for (let sent = 0; sent < 5000; sent += 200) {
    const results = await Promise.allSettled(Array.from({ length: 200 }, once));
    const refused = results.find((result) => result.status === "rejected");
    if (refused === undefined) continue;
    await failure(tandem, Promise.reject(refused.reason));
    await get((method, request) => call(tandem, method, request));
    console.log("quota: waited as RetryInfo says, then answered");
    return;
  }
  console.log("quota: not reached");
}

export async function integratorsRound(tandem) {
  const { nextCursor } = await call(tandem, `${EVENTS}/ListEvents`,
    { start: tandem.enum("tandem.events.v1.EventStart", "EVENT_START_NOW") });
  const need = await upsert(tandem);
  await rank(tandem, need);
  await solve(tandem, need);
  await follow(tandem, nextCursor, need);
  await loseNoUpdate(tandem, need);
  await meetOtherErrors(tandem);
  await meetTheQuota(tandem, need);
}
