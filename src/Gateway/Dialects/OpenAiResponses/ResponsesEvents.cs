using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Writes the events of one stream and numbers them.</summary>
internal sealed class ResponsesEvents(ResponsesObject response)
{
    private static readonly List<ResponsesItem> Nothing = [];
    private int _number;

    /// <summary>Where to.</summary>
    public required IBufferWriter<byte> Output { get; set; }

    /// <summary>The response begins.</summary>
    public void Began()
    {
        foreach (var type in (ReadOnlySpan<string>)["response.created", "response.in_progress"])
        {
            using var json = Begin(type);
            json.WritePropertyName("response"u8);
            response.Write(json, Nothing, null, null);
            End(json);
        }
    }

    /// <summary>The response is over.</summary>
    public void Ended(List<ResponsesItem> items, FinishReason finish, TokenUsage? usage)
    {
        using var json = Begin(finish switch
        {
            FinishReason.Length or FinishReason.ContentFilter => "response.incomplete",
            FinishReason.Error => "response.failed",
            _ => "response.completed",
        });
        json.WritePropertyName("response"u8);
        response.Write(json, items, finish, usage);
        End(json);
    }

    /// <summary>An item begins.</summary>
    public void ItemAdded(ResponsesItem item)
    {
        var status = item.Status;
        item.Status = "in_progress";
        WriteItem("response.output_item.added", item);
        item.Status = status;
    }

    /// <summary>An item is whole.</summary>
    public void ItemDone(ResponsesItem item) => WriteItem("response.output_item.done", item);

    private void WriteItem(string type, ResponsesItem item)
    {
        using var json = Begin(type);
        json.WriteNumber("output_index"u8, item.Index);
        json.WritePropertyName("item"u8);
        item.Write(json);
        End(json);
    }

    /// <summary>A content part begins.</summary>
    public void ContentAdded(ResponsesItem item, ResponsesContent content) => WriteContent("response.content_part.added", item, content);

    /// <summary>A content part grows.</summary>
    public void ContentDelta(ResponsesItem item, ResponsesContent content, string delta, List<RawJson> logprobs)
    {
        using var json = BeginContent(content.IsRefusal ? "response.refusal.delta" : "response.output_text.delta", item);
        json.WriteText("delta"u8, delta);
        if (!content.IsRefusal)
        {
            json.WritePropertyName("logprobs"u8);
            ResponsesItem.WriteLogprobs(json, logprobs);
        }

        End(json);
    }

    /// <summary>A content part is whole.</summary>
    public void ContentDone(ResponsesItem item, ResponsesContent content)
    {
        using (var json = BeginContent(content.IsRefusal ? "response.refusal.done" : "response.output_text.done", item))
        {
            json.WriteText(content.IsRefusal ? "refusal"u8 : "text"u8, content.Text.ToString());
            if (!content.IsRefusal)
            {
                json.WritePropertyName("logprobs"u8);
                ResponsesItem.WriteLogprobs(json, content.Logprobs);
            }

            End(json);
        }

        WriteContent("response.content_part.done", item, content);
    }

    /// <summary>The text that is being spoken has a further annotation, its last.</summary>
    public void AnnotationAdded(ResponsesItem item, ResponsesContent content)
    {
        using var json = BeginContent("response.output_text.annotation.added", item);
        json.WriteNumber("annotation_index"u8, content.Annotations.Count - 1);
        json.WritePropertyName("annotation"u8);
        OpenAiCitations.Write(json, content.Annotations[^1], nested: false, 0, content.Text.Length);
        End(json);
    }

    /// <summary>A call's arguments grow.</summary>
    public void ArgumentsDelta(ResponsesItem call, string delta)
    {
        using var json = BeginItem("response.function_call_arguments.delta", call);
        json.WriteText("delta"u8, delta);
        End(json);
    }

    /// <summary>A call's arguments are whole.</summary>
    public void ArgumentsDone(ResponsesItem call)
    {
        using var json = BeginItem("response.function_call_arguments.done", call);
        json.WriteText("name"u8, call.Name ?? "");
        json.WriteText("arguments"u8, call.Text.ToString());
        End(json);
    }

    /// <summary>The summary of reasoning begins.</summary>
    public void SummaryAdded(ResponsesItem item) => WriteSummary("response.reasoning_summary_part.added", item, "");

    /// <summary>It grows.</summary>
    public void SummaryDelta(ResponsesItem item, string delta)
    {
        using var json = BeginItem("response.reasoning_summary_text.delta", item);
        json.WriteNumber("summary_index"u8, 0);
        json.WriteText("delta"u8, delta);
        End(json);
    }

    /// <summary>It is whole.</summary>
    public void SummaryDone(ResponsesItem item)
    {
        using (var json = BeginItem("response.reasoning_summary_text.done", item))
        {
            json.WriteNumber("summary_index"u8, 0);
            json.WriteText("text"u8, item.Text.ToString());
            End(json);
        }

        WriteSummary("response.reasoning_summary_part.done", item, item.Text.ToString());
    }

    private void WriteSummary(string type, ResponsesItem item, string text)
    {
        using var json = BeginItem(type, item);
        json.WriteNumber("summary_index"u8, 0);
        json.WritePropertyName("part"u8);
        ResponsesItem.WriteSummary(json, text);
        End(json);
    }

    private void WriteContent(string type, ResponsesItem item, ResponsesContent content)
    {
        using var json = BeginContent(type, item);
        json.WritePropertyName("part"u8);
        ResponsesItem.WriteContent(json, content);
        End(json);
    }

    private Utf8JsonWriter BeginContent(string type, ResponsesItem item)
    {
        var json = BeginItem(type, item);
        json.WriteNumber("content_index"u8, item.Contents.Count - 1);
        return json;
    }

    private Utf8JsonWriter BeginItem(string type, ResponsesItem item)
    {
        var json = Begin(type);
        json.WriteText("item_id"u8, item.Id);
        json.WriteNumber("output_index"u8, item.Index);
        return json;
    }

    private Utf8JsonWriter Begin(string type)
    {
        Output.Write("event: "u8);
        Encoding.UTF8.GetBytes(type.AsSpan(), Output);
        Output.Write("\ndata: "u8);
        var json = WireJson.Writer(Output);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, _number++);
        return json;
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        Output.Write("\n\n"u8);
    }
}
