using System.Text.Json;

namespace Gateway.Dialects.Gemini;

/// <summary>A member that is an object, written only when something is put into it.</summary>
/// <param name="writer">Where to.</param>
/// <param name="name">The member's name.</param>
internal sealed class LazyObject(Utf8JsonWriter writer, string name)
{
    private bool _isOpen;

    /// <summary>The writer, standing within the object.</summary>
    public Utf8JsonWriter Open()
    {
        if (!_isOpen)
            writer.WriteStartObject(name);
        _isOpen = true;
        return writer;
    }

    /// <summary>Ends the object, if there is one.</summary>
    public void Close()
    {
        if (_isOpen)
            writer.WriteEndObject();
    }
}
