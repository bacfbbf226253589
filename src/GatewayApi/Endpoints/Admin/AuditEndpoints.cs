using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Audit;
using Gateway.State.Journal;
using GatewayApi.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Shows, exports and checks the audit log.</summary>
internal sealed class AuditEndpoints(StateJournal journal)
{
    private const long MostAnchorBytes = 16 << 20; // some 100,000 anchors; more is 413

    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var endpoints = new AuditEndpoints(routes.Services.GetRequiredService<StateJournal>());
        routes.Get("/audit", Permission.AuditView, new("listAudit", "Lists records of the audit log, newest first")
        {
            Parameters = AdminCall.Paging,
        }, endpoints.ListAsync);
        routes.Get("/audit/export", Permission.AuditExport, new("exportAudit", "The whole audit log as JSON lines")
        {
            Details = "As `gateway audit verify` takes it. The reply ends without a proper end where the log is broken.",
            Produces = [new("application/x-ndjson", "")],
        }, endpoints.ExportAsync);
        routes.Post("/audit/verify", Permission.AuditView, new("verifyAudit", "Checks the audit log's chain")
        {
            Details = "The body may hold anchors that were kept, one a line. The gateway checks its own log here; who doesn't trust it exports the log and runs `gateway audit verify` elsewhere.",
            Produces = [new("application/json", OpenApiSchemas.AuditReport)],
        }, endpoints.VerifyAsync);
    }

    private async Task ListAsync(AdminCall call)
    {
        var limit = call.Limit;
        var before = call.Query("cursor") is not { } text ? long.MaxValue
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) && cursor > 0 ? cursor
            : throw AdminEndpoint.Invalid("cursor", "'cursor' is not one that this gateway gave out.");
        var last = Math.Min(before - 1, (await journal.ReadLastAsync(call.Cancellation))?.Sequence ?? 0);
        var first = Math.Max(0, last - limit);
        var records = last == 0 ? [] : await journal.ReadAsync(first, (int)(last - first), call.Cancellation);
        await call.WriteAsync(200, json =>
        {
            json.WriteStartArray("data"u8);
            foreach (var record in records.Reverse())
                Write(json, record);
            json.WriteEndArray();
            json.WriteString("next_cursor"u8, first > 0 ? (first + 1).ToString(CultureInfo.InvariantCulture) : null);
        });
    }

    private async Task ExportAsync(AdminCall call)
    {
        var response = call.Http.Response;
        response.ContentType = "application/x-ndjson";
        response.Headers.ContentDisposition = "attachment; filename=\"audit.jsonl\"";
        try
        {
            await AuditExport.WriteAsync(journal, response.Body, call.Cancellation);
        }
        catch (Exception e) when (e is IOException or InvalidDataException && response.HasStarted)
        {
            throw new IncompleteReplyException();
        }
    }

    private async Task VerifyAsync(AdminCall call)
    {
        AuditAnchors anchors;
        if (call.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostAnchorBytes;
        try
        {
            anchors = call.HasBody ? await AuditAnchors.ReadAsync(call.Http.Request.Body, call.Cancellation) : AuditAnchors.None;
        }
        catch (InvalidDataException e)
        {
            throw EntityReply.Invalid("The list of anchors", [new("$", e.Message)]);
        }

        var pipe = new Pipe();
        var export = ExportAsync(pipe.Writer, call.Cancellation);
        var report = await AuditVerifier.VerifyAsync(pipe.Reader.AsStream(), anchors, call.Cancellation);
        await pipe.Reader.CompleteAsync();
        var fault = await export;
        await call.WriteAsync(200, json =>
        {
            json.WriteBoolean("clean"u8, report.Finding is null && fault is null);
            json.WriteNumber("records"u8, report.Records);
            json.WriteNumber("anchors"u8, report.Anchors);
            json.WriteString("finding"u8, fault ?? report.Finding?.Message);
            json.WritePropertyName("head"u8);
            if (report.Head is { } head)
                json.WriteRawValue(head.ToJson());
            else
                json.WriteNullValue();
        });
    }

    /// <summary>Exports into a pipe.</summary>
    /// <returns>What is broken in the log; null: nothing.</returns>
    private async Task<string?> ExportAsync(PipeWriter output, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            await AuditExport.WriteAsync(journal, output.AsStream(leaveOpen: true), cancellation);
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            await output.CompleteAsync(failure);
        }
    }

    private static void Write(Utf8JsonWriter json, JournalRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence"u8, record.Sequence);
        json.WriteString("time"u8, JournalSeal.FormatTime(record.Time));
        json.WriteString("kind"u8, record.Kind);
        json.WritePropertyName("body"u8);
        json.WriteRawValue(record.Body.Span, skipInputValidation: true);
        json.WriteEndObject();
    }
}
