"""A tandemd with HTTP and the sample programme, solved, for tests of what speaks to it.

    with LiveTandem() as tandem:
        tandem.variables["TANDEM_HTTP"]      # where it serves HTTP
        tandem.call("tandem.needs.v1.NeedsService/ListProgrammes", {})
"""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import urllib.request
from typing import Any, Dict, List, Sequence

TANDEMD = "services/tandemd/tandemd"
TANDEM = "tools/tandem"
SAMPLE = "tools/sample"
COHORT = "C-2027"
LOADING = [
    ["import", "programme", SAMPLE + "/programme.json"],
    ["import", "organisations", SAMPLE + "/organisations.csv"],
    ["import", "mentors", SAMPLE + "/mentors.csv"],
    ["import", "assessments", SAMPLE + "/assessments.csv"],
    ["policy", "create", SAMPLE + "/policy.json"],
    ["policy", "publish", "policies/ldc/versions/1"],
    ["cohort", "create", COHORT, "--programme", "LDC-2027", "--name", "First call 2027", "--at", "2026-12-01"],
    ["cohort", "solve", COHORT],
]
START_TIMEOUT_S = 120


class LiveTandem:
    """Runs until the `with` ends. `built` is the folder of what Bazel built, with a slash at its end;
    `options` are more options of tandemd."""

    def __init__(self, built: str = "", options: Sequence[str] = ()) -> None:
        self._built = built
        self._options = list(options)

    def __enter__(self) -> "LiveTandem":
        self._folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        log = open(pathlib.Path(self._folder.name) / "tandemd.log", "w")
        self._process = subprocess.Popen(
            [self._built + TANDEMD, "--address", "127.0.0.1:0", "--http-address", "127.0.0.1:0",
             "--data", self._folder.name + "/stores"] + self._options,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        try:
            # A start that hangs ends the process, and with it the reading.
            guard = threading.Timer(START_TIMEOUT_S, self._process.kill)
            guard.start()
            http = self._address(" serves HTTP on ")
            self.grpc = self._address(" listening on ")
            guard.cancel()
            self.variables: Dict[str, str] = {"TANDEM_HTTP": http}
            for arguments in LOADING:
                self._tandem(arguments)
            self.variables.update(self._names())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.terminate()
        self._process.communicate(timeout=60)
        self._folder.cleanup()

    def call(self, method: str, request: Dict[str, Any]) -> Dict[str, Any]:
        """The answer to a Connect call in JSON, as an admin."""
        http = urllib.request.Request(
            "http://%s/%s" % (self.variables["TANDEM_HTTP"], method), json.dumps(request).encode(),
            {"content-type": "application/json", "tandem-role": "admin", "tandem-actor": "tester"})
        with urllib.request.urlopen(http, timeout=60) as answer:
            return json.load(answer)

    def _address(self, before: str) -> str:
        for line in self._process.stdout:
            if before in line:
                return line.split(before)[1].strip()
        raise RuntimeError("tandemd ended before it said%sADDRESS" % before)

    def _tandem(self, arguments: List[str]) -> None:
        done = subprocess.run([self._built + TANDEM, "--address", self.grpc, "--as", "tester"] + arguments,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError("tandem %s: %s%s" % (" ".join(arguments), done.stdout, done.stderr))

    def _names(self) -> Dict[str, str]:
        """Names of resources of the sample, for the variables of the documents."""
        def listed(method: str, kind: str) -> List[Dict[str, Any]]:
            return self.call(method, {"pageSize": 1000})[kind]

        def first(method: str, kind: str) -> Dict[str, Any]:
            return listed(method, kind)[0]

        needs, profiles = "tandem.needs.v1.NeedsService/", "tandem.profiles.v1.ProfilesService/"
        matching = "tandem.matching.v1.MatchingService/"
        requests = listed(needs + "ListEngagementRequests", "engagementRequests")
        mentors = listed(profiles + "ListMentors", "mentors")
        organisation = next(one for one in listed(profiles + "ListOrganisations", "organisations")
                            if "contacts" in one)
        cohort = first(matching + "ListCohorts", "cohorts")
        match, other_match = listed(matching + "ListMatches", "matches")[:2]
        access = "tandem.access.v1.AccessService/"
        token = self.call(access + "CreateAccessToken", {
            "accessToken": {"actor": "auditor-3", "role": "ROLE_AUDITOR"}})
        invited, redeemable = [self.call(access + "CreateInvitation", {
            "invitation": {"actor": "approver-%d" % i, "role": "ROLE_APPROVER"}}) for i in (1, 2)]
        return {
            "ACCESS_TOKEN": token["accessToken"]["name"],
            "INVITATION": invited["invitation"]["name"],
            "CODE": redeemable["code"],
            "PROGRAMME": first(needs + "ListProgrammes", "programmes")["name"],
            "ASSESSMENT": first(needs + "ListAssessments", "assessments")["name"],
            "REQUEST": requests[0]["name"],
            "REQUEST_TO_REFER": requests[-1]["name"],
            "NEED": match["need"],
            "MENTOR": mentors[0]["name"],
            "MENTOR_TO_ERASE": mentors[-1]["name"],
            "ORGANISATION": organisation["name"],
            "CONTACT": organisation["contacts"][0]["contactId"],
            "COHORT": cohort["name"],
            "RUN": match["run"],
            "MATCH": match["name"],
            "MATCH_TO_REJECT": other_match["name"],
        }
