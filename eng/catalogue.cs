// Rebuilds the embedded model catalogue from a combined price list.
//   dotnet run eng/catalogue.cs -- <models.json> <src/Gateway/Providers/Catalogue/Data/models.jsonl>
// The price list is one JSON object: as_of, models[], other_models[]; prices are USD per million tokens, numbers or null.
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run eng/catalogue.cs -- <models.json> <models.jsonl>");
    return 1;
}

string[] capabilities = ["tools", "vision", "json_schema", "reasoning", "pdf", "audio_in", "audio_out", "video_in"];
string[] otherUnits = ["per_image", "per_audio_minute", "per_query", "per_mchar", "per_page", "per_megapixel", "image_prices"];
(string From, string To)[] prices =
[
    ("input_per_mtok", "in"), ("output_per_mtok", "out"), ("cached_input_per_mtok", "cr"), ("cache_write_per_mtok", "cw"),
    ("reasoning_per_mtok", "rs"), ("audio_input_per_mtok", "ai"), ("audio_output_per_mtok", "ao"),
    ("batch_input_per_mtok", "bi"), ("batch_output_per_mtok", "bo"),
];
(string From, string To)[] units =
[
    ("per_query", "search"), ("per_image", "image"), ("per_megapixel", "megapixel"), ("per_audio_minute", "minute"), ("per_mchar", "mchar"),
];

using var source = JsonDocument.Parse(File.ReadAllBytes(args[0]));
var models = source.RootElement.GetProperty("models").EnumerateArray()
    .Concat(source.RootElement.GetProperty("other_models").EnumerateArray())
    .ToList();

// Providers that charge nothing for any model are local runtimes or free tiers: there, zero is a price. Elsewhere a zero is a
// placeholder of the list unless the model calls itself free or is a moderation model; a chat model with only one price has none.
var paid = models.Where(m => Number(m, "input_per_mtok") > 0 || Number(m, "output_per_mtok") > 0).Select(Provider).ToHashSet();

using var output = new MemoryStream();
using (var header = new Utf8JsonWriter(output))
{
    header.WriteStartObject();
    header.WriteString("as_of", source.RootElement.GetProperty("as_of").GetString());
    header.WriteEndObject();
}

output.WriteByte((byte)'\n');
foreach (var model in models.GroupBy(Provider).SelectMany(group => group))
{
    using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
    {
        Write(writer, model);
    }

    output.WriteByte((byte)'\n');
}

File.WriteAllBytes(args[1], output.ToArray());
Console.WriteLine($"{models.Count} models, {output.Length} bytes");
return 0;

void Write(Utf8JsonWriter writer, JsonElement model)
{
    writer.WriteStartObject();
    writer.WriteString("p", Provider(model));
    writer.WriteString("id", model.GetProperty("id").GetString());
    writer.WriteString("mode", model.GetProperty("mode").GetString());
    if (HasPrice(model))
    {
        WritePrices(writer, model);
        WriteTiers(writer, model);
    }

    WriteUnits(writer, model);
    if (Number(model, "context_window") is { } context) writer.WriteNumber("ctx", context);
    if (Number(model, "max_output") is { } longest) writer.WriteNumber("max", longest);
    var known = model.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()!).Intersect(capabilities).ToList();
    if (known.Count > 0)
    {
        writer.WriteStartArray("cap");
        known.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
    }

    writer.WriteEndObject();
}

void WritePrices(Utf8JsonWriter writer, JsonElement element)
{
    foreach (var (from, to) in prices)
    {
        if (Number(element, from) is { } price) writer.WriteNumber(to, price);
    }
}

// A zero here is a placeholder.
void WriteUnits(Utf8JsonWriter writer, JsonElement model)
{
    var known = units.Where(unit => Number(model, unit.From) > 0).ToList();
    if (known.Count == 0) return;
    writer.WriteStartObject("units");
    foreach (var (from, to) in known) writer.WriteNumber(to, Number(model, from)!.Value);
    writer.WriteEndObject();
}

void WriteTiers(Utf8JsonWriter writer, JsonElement model)
{
    if (!model.TryGetProperty("tiers", out var tiers)) return;
    writer.WriteStartArray("tiers");
    foreach (var tier in tiers.EnumerateArray().OrderBy(t => Number(t, "above")))
    {
        writer.WriteStartObject();
        writer.WriteNumber("above", Number(tier, "above")!.Value);
        WritePrices(writer, tier);
        writer.WriteEndObject();
    }

    writer.WriteEndArray();
}

bool HasPrice(JsonElement model)
{
    var input = Number(model, "input_per_mtok");
    var result = Number(model, "output_per_mtok");
    if (input is null || result is null) return false;
    if (input != 0 && (result != 0 || !model.GetProperty("mode").ValueEquals("chat"))) return true;
    if (input != 0 || result != 0) return false;
    if (otherUnits.Any(unit => model.TryGetProperty(unit, out var price) && price.ValueKind != JsonValueKind.Null)) return false;
    var id = model.GetProperty("id").GetString()!;
    return !paid.Contains(Provider(model))
        || id.EndsWith(":free", StringComparison.OrdinalIgnoreCase) || id.EndsWith("-free", StringComparison.OrdinalIgnoreCase)
        || model.GetProperty("mode").ValueEquals("moderation");
}

static string Provider(JsonElement model) => model.GetProperty("provider").GetString()!;

static decimal? Number(JsonElement element, string name) =>
    element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : null;
