using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.OpenAi;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;

namespace Gateway.Routing.Stored;

/// <summary>
/// Puts what a batch used into the ledger, once: an entry for each model, with the operation <c>batches</c>. An entry's request id follows from
/// the batch, so that one which was written just before the process died is found again.
/// </summary>
internal sealed class BatchSettlement(ILedger ledger, IReplyObserver observer, IObjectRecord record)
{
    // One gateway uses a data directory at a time, so nobody outside this process settles the same batch.
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>Looks at a batch as the provider shows it: notes where its output is, and settles it where it has ended and tells its usage.</summary>
    /// <returns>Null, or what went wrong.</returns>
    public async ValueTask<GatewayError?> ObserveAsync(GatewayContext context, ProviderSnapshot provider, JsonElement batch)
    {
        var id = batch.GetProperty("id"u8).GetString()!;
        if (batch.Text("output_file_id"u8) is { Length: > 0 } file)
            record.NoteOutput(context.Key!.Id, provider.Id, id, file);
        if (batch.Text("status"u8) is not ("completed" or "expired" or "cancelled" or "failed")
            || batch.Text("model"u8) is not { Length: > 0 } model
            || OpenAiUsage.Read(batch.Get("usage"u8)) is not { } usage || usage == default)
            return null;
        return await SettleAsync(context, provider, id, [KeyValuePair.Create(model, usage)], isPartial: false).ConfigureAwait(false);
    }

    /// <summary>Settles a batch.</summary>
    /// <param name="context">The request that showed what it used.</param>
    /// <param name="provider">Where it ran.</param>
    /// <param name="batch">The provider's id of it.</param>
    /// <param name="usages">What it used, by model. Where that is nothing, the batch stays unsettled.</param>
    /// <param name="isPartial">Whether part of it could not be read.</param>
    /// <returns>Null, or what went wrong.</returns>
    public async ValueTask<GatewayError?> SettleAsync(
        GatewayContext context, ProviderSnapshot provider, string batch, IReadOnlyCollection<KeyValuePair<string, TokenUsage>> usages, bool isPartial)
    {
        var key = context.Key!.Id;
        if (usages.Count == 0 || record.IsSettled(key, provider.Id, batch))
            return null;
        await OneAtATime.WaitAsync(context.Client.Gone).ConfigureAwait(false);
        try
        {
            if (record.IsSettled(key, provider.Id, batch))
                return null;
            foreach (var (model, usage) in usages)
                await AppendAsync(Entry(context, provider, batch, model, usage) with { Estimated = isPartial }, provider).ConfigureAwait(false);
            record.Settle(key, provider.Id, batch);
            return null;
        }
        catch (IOException)
        {
            return new GatewayError(ErrorKinds.LedgerUnavailable, "The gateway could not record what the batch used and so does not show it.");
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private async ValueTask AppendAsync(LedgerEntry entry, ProviderSnapshot provider)
    {
        // A client may choose its request ids, but not the rest.
        var known = await ledger.FindAsync(entry.KeyId, entry.RequestId).ConfigureAwait(false);
        if (known.Any(e => e.Operation == entry.Operation && e.ResponseId == entry.ResponseId && e.TargetModel == entry.TargetModel))
            return;
        await ledger.AppendAsync(entry).ConfigureAwait(false);
        observer.OnReply(entry, provider.TelemetryName);
    }

    private static LedgerEntry Entry(GatewayContext context, ProviderSnapshot provider, string batch, string model, TokenUsage said)
    {
        var usage = provider.ReasoningInOutput ? said : said with { Output = said.Output + said.Reasoning };
        var address = $"{provider.Id}/{model}";
        var price = context.Snapshot.Models.Resolve(address)?.Targets[0].Price is { } full ? BatchPrice.Of(full) : null;
        return new LedgerEntry
        {
            Time = context.Time.GetUtcNow(),
            RequestId = $"{provider.Id}/{batch}/{model}",
            KeyId = context.Key!.Id,
            Operation = Operation.Batches.Name(),
            RequestedModel = address,
            TargetModel = model,
            ResponseModel = model,
            Provider = provider.Id,
            ResponseId = batch,
            Usage = usage,
            CostNanoUsd = price is null ? 0 : CostCalculator.Cost(price, usage),
            PriceVersion = price?.Version ?? "",
            Status = 200,
            Outcome = LedgerOutcome.Completed,
            Attempts = 1,
        };
    }
}
