using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Writes the answers to one request in a dialect.</summary>
internal interface IReplyWriter
{
    /// <summary>Writes the whole reply as one JSON value.</summary>
    void WriteBody(Utf8JsonWriter json);

    /// <summary>Writes each event to the frame, then yields what it is.</summary>
    IEnumerable<ReplyStep> WriteEvents(EventFrame frame);
}
