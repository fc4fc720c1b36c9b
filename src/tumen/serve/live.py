"""The live page: every route gives HTML that works without a script, or a part of it with one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.datastructures import FormData
from fastapi.responses import HTMLResponse

from tumen.errors import InvalidInput, Problem, TumenError
from tumen.scenario.store import scenario_text
from tumen.serve.api import found_job, problems_of
from tumen.serve.desk import Desk
from tumen.serve.dials import turned
from tumen.serve.jobs import BusyError, Job, Jobs
from tumen.serve.quick import LiveCase
from tumen.serve.uploads import LONGEST, described
from tumen.serve.view import (
    answer_view,
    changed,
    kept_view,
    rendered,
    whole_view,
)
from tumen.serve.work import WORKS

Fields = dict[str, str]
MOST_FIELDS = 200


def live_routes(desk: Desk, jobs: Jobs, first: str) -> APIRouter:
    """Return the routes of the page; ``first`` is the case that is shown when none is named."""
    pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
    _page_routes(pages, desk, first)
    _work_routes(pages, desk, jobs)
    return pages


def _page_routes(pages: APIRouter, desk: Desk, first: str) -> None:
    @pages.get("/")
    def whole(request: Request) -> Response:
        """The page of a case, at the settings of the address."""
        fields = dict(request.query_params)
        try:
            return HTMLResponse(_page(desk.bundled(fields.get("case", first)), fields))
        except TumenError as error:
            return _unusable(desk.bundled(first), error)

    @pages.post("/live/answer")
    async def answer(request: Request) -> Response:
        """The part of the page that follows the controls."""
        return await _on_form(request, desk, _answer)

    @pages.post("/live/kept")
    async def kept(request: Request) -> Response:
        """A row of the runs side by side."""
        return await _on_form(request, desk, _kept)

    @pages.post("/scenario.yaml")
    async def saved(request: Request) -> Response:
        """The case as a file that repeats it alone."""
        return await _on_form(request, desk, _saved)

    @pages.post("/open")
    async def opened(request: Request) -> Response:
        """The page of a file, or of what is wrong with it."""
        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            file = form.get("file")
            content = b""
            if file is not None and not isinstance(file, str):
                content = await file.read(4 * LONGEST + 1)
        return await run_in_threadpool(_opened, desk, first, content)


async def _on_form(request: Request, desk: Desk, make: Any) -> Response:
    """Answer a form: the work is done beside the loop that takes requests."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=4 * LONGEST) as form:
        fields = _fields(form)
    return await run_in_threadpool(_made, desk, fields, make)


def _made(desk: Desk, fields: Fields, make: Any) -> Response:
    try:
        response: Response = make(_case(desk, fields), fields)
    except TumenError as error:
        found = rendered("problems.html.j2", title="No answer", problems=problems_of(error))
        return HTMLResponse(found)
    return response


def _fields(form: FormData) -> Fields:
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def _case(desk: Desk, fields: Fields) -> LiveCase:
    return desk.case(fields.get("case"), fields.get("yaml"))


def _page(live: LiveCase, fields: Fields, text: str = "", upload: Any = None) -> str:
    settings = changed(live, fields)
    shown = whole_view(live, live.answer(settings), settings)
    return rendered("live.html.j2", **shown, text=text, upload=upload)


def _answer(live: LiveCase, fields: Fields) -> Response:
    settings = changed(live, fields)
    view = answer_view(live, live.answer(settings), settings)
    response = HTMLResponse(
        rendered("answer.html.j2", **view) + rendered("outputs.html.j2", **view)
    )
    if view["address"]:
        response.headers["HX-Replace-Url"] = view["address"]
    return response


def _kept(live: LiveCase, fields: Fields) -> Response:
    settings = changed(live, fields)
    return HTMLResponse(
        rendered("kept.html.j2", **kept_view(live, live.answer(settings), settings))
    )


def _saved(live: LiveCase, fields: Fields) -> Response:
    case = turned(live.scenario, live.dials, changed(live, fields))
    name = f'attachment; filename="{case.id}.yaml"'
    headers = {"Content-Disposition": name}
    return Response(scenario_text(case), media_type="application/yaml", headers=headers)


def _opened(desk: Desk, first: str, content: bytes) -> Response:
    """Show a scenario that was sent; say of a regime, or of what is wrong, what it is."""
    try:
        text = content.decode("utf-8-sig")
        kind, about = described(text)
    except UnicodeDecodeError as error:
        message = f"byte {content[error.start]:#04x} is no UTF-8 text: save the file as UTF-8"
        return _unusable(desk.bundled(first), InvalidInput(Problem("upload.yaml", message)))
    except TumenError as error:
        return _unusable(desk.bundled(first), error)
    upload = {"kind": kind, "about": about, "problems": []}
    if kind == "regime":
        return HTMLResponse(_page(desk.bundled(first), {}, upload=upload))
    try:
        return HTMLResponse(_page(desk.of_text(text), {}, text=text, upload=upload))
    except TumenError as error:
        return _unusable(desk.bundled(first), error)


def _unusable(live: LiveCase, error: TumenError) -> Response:
    upload = {"problems": problems_of(error)}
    return HTMLResponse(_page(live, {}, upload=upload), status_code=422)


def _work_routes(pages: APIRouter, desk: Desk, jobs: Jobs) -> None:
    @pages.post("/live/begin/{work}")
    async def work(request: Request, work: str) -> Response:
        """Begin long work and say how it goes."""

        def begun(live: LiveCase, fields: Fields) -> Response:
            if work not in WORKS:
                raise InvalidInput(Problem("work", f"must be one of {', '.join(WORKS)}"))
            case = turned(live.scenario, live.dials, changed(live, fields))
            try:
                return _told(jobs.start(WORKS[work], case))
            except BusyError:
                message = "as much work runs as may at once; wait for it or cancel some"
                raise InvalidInput(Problem("", message)) from None

        return await _on_form(request, desk, begun)

    @pages.get("/live/jobs/{job_id}")
    def state(job_id: str) -> Response:
        """Say how a job goes."""
        return _told(found_job(jobs, job_id))

    @pages.post("/live/jobs/{job_id}/cancel")
    def cancel(job_id: str) -> Response:
        """Stop a job."""
        found_job(jobs, job_id)
        return _told(jobs.cancel(job_id) or found_job(jobs, job_id))


def _told(job: Job) -> Response:
    done = job.answer if job.state == "done" else None
    words = "" if done is None else str(done.data.get("sentence", ""))
    report = bool(done is not None and done.page)
    return HTMLResponse(rendered("work.html.j2", job=job, words=words, report=report))
