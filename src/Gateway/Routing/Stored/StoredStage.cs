using System.Globalization;
using System.Text.Json;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Secrets;
using Gateway.Transport;

namespace Gateway.Routing.Stored;

/// <summary>The innermost stage of requests for files and batches: they stay at the provider, and clients see ids that only their key can use.</summary>
internal sealed class StoredStage(StoredCalls calls, IdSeal seal, IObjectRecord record, BatchSettlement settlement) : IStage
{
    private const int UsualLimit = 20;
    private const int MostListed = 100;

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        // The call itself uses nothing; what a batch used is an entry of its own.
        context.Reply.Usage = default(TokenUsage);
        context.Error = await ServeAsync(context, new StoredIds(seal, context.Key!.Id)).ConfigureAwait(false);
        await next(context).ConfigureAwait(false);
    }

    /// <summary>No such file or batch, or none this caller may know of.</summary>
    internal static GatewayError NotFound() => new(ErrorKinds.ObjectNotFound, "There is no such object, or it belongs to another key.") { Param = "id" };

    private ValueTask<GatewayError?> ServeAsync(GatewayContext context, StoredIds ids) => context.Stored!.Action switch
    {
        StoredAction.List => ListAsync(context, ids),
        StoredAction.Create when context.Operation == Operation.Files => UploadAsync(context, ids),
        StoredAction.Create => CreateBatchAsync(context, ids),
        _ => OneAsync(context, ids),
    };

    private async ValueTask<GatewayError?> UploadAsync(GatewayContext context, StoredIds ids)
    {
        var (provider, error) = StoredProviders.Choose(context);
        if (provider is null)
            return error;
        var (upload, fault) = UploadIntake.Open(context, keepsModel: true);
        if (upload is null)
            return fault;
        context.Upload = upload;
        return await calls.CallAsync(context, provider, HttpMethod.Post, "", upload.ContentFor(null), (response, c) => TakeInAsync(context, ids, provider, response, isNew: true, c)).ConfigureAwait(false);
    }

    private async ValueTask<GatewayError?> CreateBatchAsync(GatewayContext context, StoredIds ids)
    {
        var limit = context.Snapshot.Limits.MaxRequestBytes;
        try
        {
            if (await context.Client.ReadBodyAsync(limit).ConfigureAwait(false) is not { } body)
                return UploadIntake.ErrorOf(UploadFault.TooLarge, limit);
            context.Body = body;
            using var asked = JsonDocument.Parse(body.WrittenMemory);
            if (asked.RootElement.ValueKind != JsonValueKind.Object || asked.RootElement.EnumerateObject().Count(m => m.NameEquals("input_file_id"u8)) != 1
                || asked.RootElement.GetProperty("input_file_id"u8) is not { ValueKind: JsonValueKind.String } file)
                return new GatewayError(ErrorKinds.MissingParameter, "Missing required parameter: 'input_file_id'.") { Param = "input_file_id" };
            if (ids.Open(Operation.Files, file.GetString()) is not { } input || StoredProviders.Find(context, input.Provider) is not { } provider)
                return NotFound() with { Param = "input_file_id" };
            using var written = new PooledBuffer(1024);
            StoredIds.WriteForProvider(written, asked.RootElement, input.Id);
            return await calls.CallAsync(context, provider, HttpMethod.Post, "", new SplicedContent(written.WrittenMemory, default, default), (response, c) => TakeInAsync(context, ids, provider, response, isNew: true, c)).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return new GatewayError(ErrorKinds.InvalidJson, "The request body is not valid JSON.");
        }
        catch (IOException) when (!context.Client.Gone.IsCancellationRequested)
        {
            return UploadIntake.ErrorOf(UploadFault.Interrupted, limit);
        }
    }

    private async ValueTask<GatewayError?> OneAsync(GatewayContext context, StoredIds ids)
    {
        if (ids.Open(context.Operation, context.Stored!.Id) is not { } found || StoredProviders.Find(context, found.Provider) is not { } provider)
            return NotFound();
        var at = "/" + Uri.EscapeDataString(found.Id);
        var action = context.Stored.Action;
        if (action == StoredAction.Content)
            return await calls.CallAsync(context, provider, HttpMethod.Get, at + "/content", null, (response, _) => RelayAsync(context, provider, found.Id, response)).ConfigureAwait(false);
        var (method, below) = action switch
        {
            StoredAction.Delete => (HttpMethod.Delete, at),
            StoredAction.Cancel => (HttpMethod.Post, at + "/cancel"),
            _ => (HttpMethod.Get, at),
        };
        var error = await calls.CallAsync(context, provider, method, below, null, (response, c) => TakeInAsync(context, ids, provider, response, isNew: false, c)).ConfigureAwait(false);
        if (action == StoredAction.Delete && (error is null || error.Kind == ErrorKinds.ObjectNotFound))
            record.Remove(context.Key!.Id, context.Operation, found.Provider, found.Id);
        return error;
    }

    /// <summary>Passes a file on. If it is the output of a batch that is not settled, what the batch used is read on the way.</summary>
    private async ValueTask<GatewayError?> RelayAsync(GatewayContext context, ProviderSnapshot provider, string file, HttpResponseMessage response)
    {
        if (record.UnsettledBatch(context.Key!.Id, provider.Id, file) is not { } batch)
            return await StoredCalls.RelayAsync(context, provider, response).ConfigureAwait(false);
        var reader = new BatchUsageReader(context.Snapshot.Limits.MaxEventBytes);
        var error = await StoredCalls.RelayAsync(context, provider, response, reader.Take).ConfigureAwait(false);
        if (error is not null || context.Outcome != LedgerOutcome.Completed)
            return error;
        reader.End();
        if (await settlement.SettleAsync(context, provider, batch, reader.Models, reader.IsPartial).ConfigureAwait(false) is not { } unrecorded)
            return null;
        context.Outcome = LedgerOutcome.Interrupted;
        return unrecorded;
    }

    /// <summary>The key's own, as the record has them, each as the provider has it now; what is gone there is left out.</summary>
    private async ValueTask<GatewayError?> ListAsync(GatewayContext context, StoredIds ids)
    {
        var limit = UsualLimit;
        if (context.Client.Query("limit") is { } asked && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1))
            return new GatewayError(ErrorKinds.InvalidParameter, "'limit' must be a number from 1.") { Param = "limit" };
        limit = Math.Min(limit, MostListed);
        (string Provider, string Id)? after = null;
        if (context.Client.Query("after") is { Length: > 0 } cursor && (after = ids.Open(context.Operation, cursor)) is null)
            return NotFound() with { Param = "after" };
        var known = record.List(context.Key!.Id, context.Operation, after, limit + 1);
        var answer = new PooledBuffer(4096);
        context.Answer = answer;
        using var json = new Utf8JsonWriter(answer);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var (id, upstream) in known.Take(limit))
        {
            if (StoredProviders.Find(context, id) is not { } provider)
                continue;
            var error = await calls.CallAsync(context, provider, HttpMethod.Get, "/" + Uri.EscapeDataString(upstream), null, (response, c) => AppendAsync(context, ids, provider, response, json, c)).ConfigureAwait(false);
            if (error is not null && error.Kind != ErrorKinds.ObjectNotFound)
                return error;
        }

        json.WriteEndArray();
        if (known.Count > 0)
        {
            json.WriteString("first_id"u8, ids.Seal(context.Operation, known[0].Provider, known[0].Id));
            var last = known[Math.Min(known.Count, limit) - 1];
            json.WriteString("last_id"u8, ids.Seal(context.Operation, last.Provider, last.Id));
        }

        json.WriteBoolean("has_more"u8, known.Count > limit);
        json.WriteEndObject();
        context.Outcome = LedgerOutcome.Completed;
        return null;
    }

    private async ValueTask<GatewayError?> AppendAsync(
        GatewayContext context, StoredIds ids, ProviderSnapshot provider, HttpResponseMessage response, Utf8JsonWriter json, CancellationToken cancellation)
    {
        using var document = await ReadAsync(context, response, cancellation).ConfigureAwait(false);
        if (document is null)
            return Unreadable(provider);
        if (context.Operation == Operation.Batches && await settlement.ObserveAsync(context, provider, document.RootElement).ConfigureAwait(false) is { } error)
            return error;
        ids.WriteForOwner(json, document.RootElement, context.Operation, provider.Id);
        return null;
    }

    private async ValueTask<GatewayError?> TakeInAsync(
        GatewayContext context, StoredIds ids, ProviderSnapshot provider, HttpResponseMessage response, bool isNew, CancellationToken cancellation)
    {
        using var document = await ReadAsync(context, response, cancellation).ConfigureAwait(false);
        if (document is null)
            return Unreadable(provider);
        if (isNew)
            record.Add(context.Key!.Id, context.Operation, provider.Id, document.RootElement.GetProperty("id"u8).GetString()!);
        if (context.Operation == Operation.Batches && await settlement.ObserveAsync(context, provider, document.RootElement).ConfigureAwait(false) is { } error)
            return error;
        var answer = new PooledBuffer(1024);
        context.Answer = answer;
        using var json = new Utf8JsonWriter(answer);
        ids.WriteForOwner(json, document.RootElement, context.Operation, provider.Id);
        context.Outcome = LedgerOutcome.Completed;
        return null;
    }

    /// <summary>The answer, if it is an object with an id; otherwise null.</summary>
    private static async ValueTask<JsonDocument?> ReadAsync(GatewayContext context, HttpResponseMessage response, CancellationToken cancellation)
    {
        using var body = new PooledBuffer(4096);
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        int read;
        while ((read = await stream.ReadAsync(body.GetMemory(), cancellation).ConfigureAwait(false)) > 0)
        {
            body.Advance(read);
            if (body.Length > context.Snapshot.Limits.MaxReplyBytes)
                return null;
        }

        try
        {
            var document = JsonDocument.Parse(body.WrittenSpan.ToArray());
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id"u8, out var id) && id is { ValueKind: JsonValueKind.String } && id.GetString()!.Length > 0)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Not an answer.
        }

        return null;
    }

    private static GatewayError Unreadable(ProviderSnapshot provider) => new(ErrorKinds.UpstreamMalformed, $"The provider '{provider.Id}' sent an answer that can't be read.");
}
