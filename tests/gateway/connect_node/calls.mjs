// Calls a live tandemd by Connect's own client for Node, over each transport that the gateway serves.
// No code is generated: the services come from the descriptor sets that the build makes.
//
//   node calls.mjs HTTP_ADDRESS RUN DESCRIPTOR_SET...
//
// run_tandem.py starts the server and this.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createFileRegistry, createRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-node";

const [address, run, ...descriptorSets] = process.argv.slice(2);
const registry = createRegistry(
  ...descriptorSets.map((path) =>
    createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(path)))),
);
const ErrorInfo = registry.getMessage("google.rpc.ErrorInfo");
const BadRequest = registry.getMessage("google.rpc.BadRequest");

const options = { baseUrl: `http://${address}`, httpVersion: "1.1" };
const transports = {
  "Connect JSON": createConnectTransport({ ...options, useBinaryFormat: false }),
  "Connect binary": createConnectTransport({ ...options, useBinaryFormat: true }),
  "Connect GET": createConnectTransport({ ...options, useHttpGet: true }),
  "gRPC-Web binary": createGrpcWebTransport({ ...options, useBinaryFormat: true }),
  "gRPC-Web JSON": createGrpcWebTransport({ ...options, useBinaryFormat: false }),
};

const caller = (role) => ({ headers: { "tandem-role": role, "tandem-actor": "connect-node" } });
const staff = caller("staff");
const admin = caller("admin");

// The ConnectError by which `promise` is rejected.
async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new assert.AssertionError({ message: "the call did not fail" });
}

for (const [name, transport] of Object.entries(transports)) {
  const client = (service) => createClient(registry.getService(service), transport);
  const needs = client("tandem.needs.v1.NeedsService");
  const profiles = client("tandem.profiles.v1.ProfilesService");
  const matching = client("tandem.matching.v1.MatchingService");

  test(`${name}: a listing answers`, async () => {
    const { programmes } = await needs.listProgrammes({ filter: 'external_id = "LDC-2027"' }, staff);
    assert.deepEqual(programmes.map((one) => one.externalId), ["LDC-2027"]);
  });

  test(`${name}: text beyond ASCII and 64-bit numbers arrive as they are`, async () => {
    const { mentors } = await profiles.listMentors({ pageSize: 1000 }, staff);
    const names = mentors.flatMap((one) => one.identity?.names ?? []).map((one) => one.fullName);
    assert.ok(names.some((one) => /[^\x00-\x7f]/.test(one)), names.join());
    const { revision } = await profiles.listChanges({ pageSize: 1 }, admin);
    assert.equal(revision, 1n);
  });

  test(`${name}: an error carries its reason`, async () => {
    const error = await errorOf(profiles.getMentor({ name: "mentors/none" }, staff));
    assert.equal(error.code, Code.NotFound);
    const [info] = error.findDetails(ErrorInfo);
    assert.equal(info.domain, "tandem");
    assert.equal(info.reason, "RESOURCE_NOT_FOUND");
    assert.equal(info.metadata.resource, "mentors/none");
  });

  test(`${name}: an error names the violated field`, async () => {
    const error = await errorOf(profiles.createMentor({ mentor: {} }, staff));
    assert.equal(error.code, Code.InvalidArgument);
    const [bad] = error.findDetails(BadRequest);
    assert.ok(bad.fieldViolations.length > 0);
  });

  test(`${name}: who states no role may not call`, async () => {
    const error = await errorOf(needs.listProgrammes({}));
    assert.equal(error.code, Code.PermissionDenied);
    assert.equal(error.findDetails(ErrorInfo)[0].reason, "ROLE_MISSING");
  });

  test(`${name}: a repeated write answers the same`, async () => {
    const period = {
      startDate: { year: 2027, month: 1, day: 1 },
      endDate: { year: 2027, month: 12, day: 31 },
    };
    const externalId = `P-${name.replaceAll(" ", "-")}`;
    const write = { programme: { externalId, displayName: "From Node", period }, requestId: externalId };
    const first = await needs.upsertProgramme(write, staff);
    assert.ok(first.created);
    assert.deepEqual(await needs.upsertProgramme(write, staff), first);
    write.programme.displayName = "From elsewhere";
    const other = await errorOf(needs.upsertProgramme(write, staff));
    assert.equal(other.findDetails(ErrorInfo)[0].reason, "REQUEST_ID_REUSED");
  });

  test(`${name}: a stream arrives whole`, async () => {
    const files = {};
    for await (const { fileName, data } of matching.exportCohortRun({ name: run }, staff)) {
      files[fileName] = (files[fileName] ?? 0) + data.length;
    }
    assert.ok(files["result.json"] > 100, JSON.stringify(files));
  });

  test(`${name}: a stream ends at its deadline, after what came before`, async () => {
    let count = 0;
    const error = await errorOf((async () => {
      for await (const _ of profiles.watchMentors({}, { ...admin, timeoutMs: 1500 })) ++count;
    })());
    assert.equal(error.code, Code.DeadlineExceeded);
    assert.ok(count > 0);
  });

  test(`${name}: a stream can be left`, async () => {
    const leaving = new AbortController();
    const error = await errorOf((async () => {
      for await (const _ of profiles.watchMentors({}, { ...admin, signal: leaving.signal })) leaving.abort();
    })());
    assert.equal(error.code, Code.Canceled);
  });
}
