"""The JSON API; its schema is at ``/openapi.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from tumen.errors import InvalidInput, TumenError
from tumen.report.payload import payload
from tumen.report.sentence import sentence
from tumen.scenario.load import read_scenario, scenario_names
from tumen.scenario.store import scenario_text
from tumen.serve.desk import Desk
from tumen.serve.dials import Dial, turned
from tumen.serve.jobs import BusyError, Job, Jobs
from tumen.serve.messages import (
    CaseAsked,
    CaseName,
    Checked,
    Control,
    Found,
    JobState,
    LadderAnswer,
    Problems,
    TextAsked,
    WorkAsked,
)
from tumen.serve.quick import Answer, LiveCase
from tumen.serve.uploads import described
from tumen.serve.work import WORKS, Finished

Responses = dict[int | str, dict[str, Any]]
REFUSED: Responses = {
    422: {"model": Problems, "description": "What was asked for cannot be answered"}
}
REFUSED_AS_JSON: Responses = {
    422: {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problems"}}},
        "description": "What was asked for cannot be answered",
    }
}
"""The same for routes that answer in another form."""
GUARDED: Responses = {
    400: {"description": "No JSON"},
    403: {"description": "Asked from another page"},
    413: {"description": "Too large"},
    421: {"description": "Asked by another host name"},
    429: {"description": "Too many requests"},
}
YAML: Responses = {200: {"content": {"application/yaml": {"schema": {}}}}}
MISSING: Responses = {404: {"description": "There is no such job"}}
JobId = Annotated[str, Path(max_length=40)]


class YamlResponse(PlainTextResponse):
    """A file in YAML."""

    media_type = "application/yaml"


def problems_of(error: TumenError) -> list[Found]:
    """Every problem of an error, as messages carry them."""
    notes = " ".join(getattr(error, "__notes__", []))
    problems = getattr(error, "problems", None)
    if problems is None:
        return [Found(place=notes, message=str(error))]
    return [
        Found(place=each.place or notes, message=" ".join(each.message.split()))
        for each in problems
    ]


def refused(_: Request, error: Exception) -> JSONResponse:
    """Answer a question that has none with all that is wrong with it."""
    found = problems_of(error) if isinstance(error, TumenError) else []
    return JSONResponse({"problems": [each.model_dump() for each in found]}, status_code=422)


def malformed(_: Request, error: Any) -> JSONResponse:
    """Answer a request that is not what the schema says in the same form."""
    found = [
        {"place": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors()
    ]
    return JSONResponse({"problems": found}, status_code=422)


def control(dial: Dial) -> Control:
    """A control as the API gives it."""
    known = asdict(dial)
    del known["place"]
    return Control(**known | {"choices": list(dial.choices)})


def ladder_answer(live: LiveCase, found: Answer) -> LadderAnswer:
    """A ladder as the API gives it."""
    data = payload(found.scenario, found.result)
    return LadderAnswer(
        scenario=found.scenario.id,
        target=found.scenario.target,
        as_of=found.scenario.as_of,
        sentence=sentence(found.scenario, found.result),
        steps=data["steps"],
        economies=live.economies,
        milliseconds=found.milliseconds,
    )


def router(desk: Desk, jobs: Jobs) -> APIRouter:
    """Return the routes of the API."""
    api = APIRouter(prefix="/api", responses=GUARDED)

    @api.get("/cases")
    def cases() -> list[CaseName]:
        """List the bundled cases."""
        found = [read_scenario(name) for name in scenario_names()]
        return [CaseName(id=each.id, title=each.title, question=each.question) for each in found]

    @api.post("/controls", responses=REFUSED)
    def controls(asked: CaseAsked) -> list[Control]:
        """List the controls of a case."""
        return [control(dial) for dial in desk.case(asked.case, asked.yaml).dials]

    @api.post("/answer", responses=REFUSED)
    def answer(asked: CaseAsked) -> LadderAnswer:
        """Solve the ladder with controls at the values asked for."""
        live = desk.case(asked.case, asked.yaml)
        return ladder_answer(live, live.answer(asked.settings))

    @api.post("/scenario", responses=REFUSED_AS_JSON | YAML, response_class=Response)
    def scenario(asked: CaseAsked) -> YamlResponse:
        """Return the case as a file that repeats it alone."""
        live = desk.case(asked.case, asked.yaml)
        case = turned(live.scenario, live.dials, asked.settings)
        return YamlResponse(scenario_text(case))

    @api.post("/check", responses=REFUSED)
    def check(asked: TextAsked) -> Checked:
        """Check a scenario or a regime."""
        try:
            kind, about = described(asked.yaml)
        except InvalidInput as error:
            return Checked(kind="unusable", about="", problems=problems_of(error))
        return Checked(kind=kind, about=about, problems=[])

    _work_routes(api, desk, jobs)
    return api


def _work_routes(api: APIRouter, desk: Desk, jobs: Jobs) -> None:
    """Add the routes of long work."""
    busy: Responses = {429: {"description": "Too many requests, or jobs that run already"}}

    @api.post("/jobs", status_code=202, responses=REFUSED | busy)
    def start(asked: WorkAsked) -> JobState:
        """Begin long work."""
        live = desk.case(asked.case, asked.yaml)
        case = turned(live.scenario, live.dials, asked.settings)
        try:
            return state_of(jobs.start(WORKS[asked.work], case))
        except BusyError:
            raise HTTPException(429, "too many jobs run already; wait or cancel one") from None

    @api.get("/jobs/{job_id}", responses=MISSING | REFUSED)
    def state(job_id: JobId) -> JobState:
        """Say how far a job is."""
        return state_of(found_job(jobs, job_id))

    @api.post("/jobs/{job_id}/cancel", responses=MISSING | REFUSED)
    def cancel(job_id: JobId) -> JobState:
        """Stop a job."""
        found_job(jobs, job_id)
        job = jobs.cancel(job_id)
        return state_of(job or found_job(jobs, job_id))

    @api.get("/jobs/{job_id}/result", responses=MISSING | REFUSED | _UNFINISHED)
    def result(job_id: JobId) -> dict[str, Any]:
        """Return what a job found, as the command's JSON."""
        return finished(jobs, job_id).data

    @api.get(
        "/jobs/{job_id}/report",
        responses=MISSING | REFUSED_AS_JSON | _UNFINISHED,
        response_class=HTMLResponse,
    )
    def report(job_id: JobId) -> Response:
        """Return the report of a run, one page that needs nothing else."""
        return HTMLResponse(finished(jobs, job_id).page)


_UNFINISHED: Responses = {409: {"description": "The job has no answer"}}


def state_of(job: Job) -> JobState:
    """A job as the API tells of it."""
    return JobState(
        id=job.id,
        state=job.state,
        what=job.what,
        done=job.done,
        total=job.total,
        problem=job.problem,
    )


def found_job(jobs: Jobs, job_id: str) -> Job:
    """Return a job, or answer that there is none."""
    job = jobs.find(job_id)
    if job is None:
        raise HTTPException(404, "there is no such job")
    return job


def finished(jobs: Jobs, job_id: str) -> Finished:
    """Return a job's answer, or say that it has none."""
    job = found_job(jobs, job_id)
    if job.state != "done":
        raise HTTPException(409, f"the job is {job.state}: {job.problem or job.what}")
    answer: Finished = job.answer
    return answer
