using System.Text.Json.Nodes;

namespace Gateway.Tests.Compatibility.Thinking;

/// <summary>A client that keeps a conversation: it returns what the model said as it got it, and answers the calls.</summary>
internal abstract class ThinkingClient
{
    /// <summary>Weather of every city.</summary>
    protected const string Weather = "sunny";

    /// <summary>What has been said so far, on the client's wire.</summary>
    public JsonArray History { get; } = [];

    /// <summary>The text of the last reply.</summary>
    public string Text { get; protected set; } = "";

    /// <summary>Cities whose weather the last reply asked for.</summary>
    public List<string> Cities { get; } = [];

    protected static JsonNode Parameters => ThinkingJson.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");

    public abstract string Path(string model, bool stream);

    /// <summary>The body of the next call.</summary>
    public abstract JsonObject Ask(string model, bool stream);

    /// <summary>Adds what the user says.</summary>
    public abstract void Say(string text);

    /// <summary>Adds a reply and the answers to its calls.</summary>
    public void Take(byte[] body, bool stream)
    {
        Text = "";
        Cities.Clear();
        Read(body, stream);
    }

    protected abstract void Read(byte[] body, bool stream);
}
