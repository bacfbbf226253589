using System.Buffers.Text;
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
        body.Append(operation == Operation.GenerateContent ? "{\"totalTokens\":"u8 : "{\"input_tokens\":"u8);
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(tokens, digits, out var length);
        body.Append(digits[..length]);
        body.Append("}"u8);
        return body;
    }
}
