using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Tests.Testing;

/// <summary>The canonical model as text, every member that says something, so that two can be compared and a difference can be read.</summary>
internal static class Canonical
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    /// <summary>What a stream says in the end: neighbouring pieces joined, arguments by call; how it was cut into parts says nothing.</summary>
    public static string OfStream(IEnumerable<ChatEvent> events)
    {
        var said = new List<(ChatEventKind Kind, string Text)>();
        var calls = new SortedDictionary<int, (string? Id, string? Name, StringBuilder Arguments)>();
        var end = new StringBuilder();
        foreach (var e in events)
        {
            switch (e.Kind)
            {
                case ChatEventKind.Text or ChatEventKind.Reasoning or ChatEventKind.Refusal:
                    if (said.Count > 0 && said[^1].Kind == e.Kind)
                        said[^1] = (e.Kind, said[^1].Text + e.Text);
                    else
                        said.Add((e.Kind, e.Text!));
                    break;
                case ChatEventKind.ReasoningSignature or ChatEventKind.RedactedReasoning:
                    said.Add((e.Kind, $"{e.Text} {e.Origin}"));
                    break;
                case ChatEventKind.Citation or ChatEventKind.Logprobs:
                    said.Add((e.Kind, e.Raw.ToString()));
                    break;
                case ChatEventKind.ToolCallStart:
                    calls[e.Index] = (e.Id, e.Name, new StringBuilder());
                    break;
                case ChatEventKind.ToolCallArguments:
                    calls[e.Index].Arguments.Append(e.Text);
                    break;
                case ChatEventKind.Finish or ChatEventKind.Usage:
                    end.AppendLine(CultureInfo.InvariantCulture, $"{e.Kind} {(e.Kind == ChatEventKind.Finish ? e.Finish : e.Usage)}");
                    break;
            }
        }

        foreach (var (kind, text) in said)
            end.AppendLine(CultureInfo.InvariantCulture, $"{kind} {text}");
        foreach (var (index, call) in calls)
            end.AppendLine(CultureInfo.InvariantCulture, $"call {index} {call.Id} {call.Name} {(call.Arguments.Length == 0 ? "{}" : call.Arguments)}");
        return end.ToString();
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null:
                break;
            case string or bool or Enum or long or int or double or RawJson or DateTimeOffset:
                text.Append(CultureInfo.InvariantCulture, $"{value}\n");
                break;
            case IEnumerable list:
                text.Append('\n');
                foreach (var each in list)
                {
                    text.Append(' ', depth * 2).Append("- ");
                    Write(text, each, depth + 1);
                }

                break;
            default:
                text.Append(value.GetType().Name).Append('\n');
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    if (property.GetIndexParameters().Length > 0 || property.Name is "EqualityContract" or "PlainText")
                        continue;
                    if (property.GetValue(value) is not { } member || member is RawJson { IsMissing: true } or ICollection { Count: 0 })
                        continue;
                    if (value is TextPart { Citations.IsMissing: true } && property.Name == nameof(TextPart.CitationsOrigin))
                        continue;
                    text.Append(' ', depth * 2).Append(property.Name).Append(": ");
                    Write(text, member, depth + 1);
                }

                break;
        }
    }
}
