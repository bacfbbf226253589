using System.Text.Json;
using Gateway.Dialects.Anthropic;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Pipeline;

/// <summary>Answers how many input tokens a request has, by the gateway's own estimate. No provider is asked and nothing is charged.</summary>
internal sealed class TokenCountStage(TokenEstimator estimator) : IStage
{
    /// <summary>A header of replies whose numbers no provider gave.</summary>
    public const string Estimated = "x-gateway-estimated";

    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        var tokens = estimator.EstimateInput(context.Body!.WrittenSpan);
        context.Answer = Write(context.Operation, tokens);
        context.Outcome = LedgerOutcome.Completed;
        context.Client.SetHeader(Estimated, "true");
        return next(context);
    }

    private static PooledBuffer Write(Operation operation, long tokens)
    {
        var body = new PooledBuffer(64);
        if (operation == Operation.Messages)
        {
            AnthropicCountTokens.Write(body, tokens);
            return body;
        }

        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteNumber("totalTokens"u8, tokens);
        json.WriteEndObject();
        return body;
    }
}
