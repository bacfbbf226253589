using System.Globalization;
using System.Text;

namespace Gateway.Tests.Dialects.OpenAi;

/// <summary>
/// A random request body as clients may write one, with what a provider must receive for it, put together side by side: whitespace
/// anywhere, any order, any nesting, every way to write numbers and strings, unknown members twice.
/// </summary>
internal sealed class RandomBody
{
    private const string Asked = "{\"include_usage\":true}";

    private static readonly string[] Numbers = ["0", "-0", "1.0", "1e400", "-1E-400", "12345678901234567890123456789", "0.10000000000000000000000001", "1E+2", "-7"];
    private static readonly string[] Pieces = ["a", " ", "\\n", "\\\"", "\\\\", "\\/", "/", "\\u00e9", "é", "世", "😀", "\\ud83d\\ude00", "\\ud83d", "\\uDE00", "\\u0000", "<", "&", "\u2028", "model", "data: "];
    private static readonly string[] Spaces = ["", "", "", "", " ", "\n", "\t", "\r\n", "  \n "];
    private static readonly string[] Unknown = ["messages", "temperature", "seed", "metadata", "x", "", "modell", "mode", "streams", "\\u006d", "é", "tools"];

    private readonly Random _random;
    private readonly StringBuilder _sent = new();
    private readonly StringBuilder _expected = new();

    private RandomBody(int seed) => _random = new Random(seed);

    /// <summary>The model as the client writes it, a JSON string.</summary>
    public string ModelJson { get; private set; } = "";

    /// <summary>Whether the client asks for a stream.</summary>
    public bool Stream { get; private set; }

    /// <summary>Whether the client asks for usage in it.</summary>
    public bool WantsUsage { get; private set; }

    /// <summary>What the client sends.</summary>
    public byte[] Sent => Encoding.UTF8.GetBytes(_sent.ToString());

    /// <summary>What the provider must get.</summary>
    public byte[] Expected => Encoding.UTF8.GetBytes(_expected.ToString());

    /// <summary>Makes a body.</summary>
    /// <param name="seed">The same seed gives the same body.</param>
    /// <param name="models">Ways to write the model as a JSON string, one of which the client uses.</param>
    /// <param name="target">What must stand in its place, a JSON string.</param>
    public static RandomBody Create(int seed, string[] models, string target)
    {
        var body = new RandomBody(seed);
        body.Write(models, target);
        return body;
    }

    private void Write(string[] models, string target)
    {
        ModelJson = Pick(models);
        Stream = _random.Next(2) == 0;
        var options = _random.Next(9);
        WantsUsage = options is 7 or 8;
        var members = new List<Action>
        {
            () => { Name("model", "\\u006dodel", "mod\\u0065l"); Different(ModelJson, target); },
            () => { Name("stream", "str\\u0065am"); Both(Stream ? "true" : Pick(["false", "null"])); },
        };
        if (options > 0)
            members.Add(() => { Name("stream_options", "stream\\u005foptions"); Options(options); });
        for (var i = _random.Next(8); i > 0; i--)
        {
            members.Add(() =>
            {
                Name(Pick(Unknown));
                Value(0);
            });
        }

        var order = members.ToArray();
        _random.Shuffle(order);
        Space();
        Both("{");
        if (Stream && options == 0)
            _expected.Append("\"stream_options\":" + Asked + ",");
        for (var i = 0; i < order.Length; i++)
        {
            if (i > 0)
                Both(",");
            Space();
            order[i]();
            Space();
        }

        Both("}");
        Space();
    }

    private void Options(int kind)
    {
        var inner = Pick(Spaces);
        var other = "\"include_obfuscation\":false";
        var (sent, asked) = kind switch
        {
            1 => ("null", Asked),
            2 => ("{" + inner + "}", "{\"include_usage\":true" + inner + "}"),
            3 => ("{" + inner + other + "}", "{\"include_usage\":true," + inner + other + "}"),
            4 => ("{\"include_usage\":" + inner + "false}", "{\"include_usage\":" + inner + "true}"),
            5 => ("{" + other + ",\"include_usage\":null}", "{" + other + ",\"include_usage\":true}"),
            6 => ("{\"include_usag\\u0065\":false," + other + "}", "{\"include_usag\\u0065\":true," + other + "}"),
            7 => ("{\"include_usage\":true}", "{\"include_usage\":true}"),
            _ => ("{" + other + inner + ",\"include_usage\":true}", "{" + other + inner + ",\"include_usage\":true}"),
        };
        Different(sent, Stream ? asked : sent);
    }

    private void Value(int depth)
    {
        switch (_random.Next(depth > 5 ? 4 : 6))
        {
            case 0:
                Both(Pick(Numbers));
                break;
            case 1:
                Both(Pick(["true", "false", "null"]));
                break;
            case 2:
                Both(_random.Next(int.MinValue, int.MaxValue).ToString(CultureInfo.InvariantCulture));
                break;
            case 3:
                Text();
                break;
            case 4:
                Both("[");
                Space();
                for (var i = _random.Next(4); i > 0; i--)
                {
                    Value(depth + 1);
                    Space();
                    if (i > 1)
                        Both(",");
                }

                Both("]");
                break;
            default:
                Both("{");
                Space();
                for (var i = _random.Next(4); i > 0; i--)
                {
                    Name(Pick(["model", "stream", "stream_options", "n", "é", "k", "k"]));
                    Value(depth + 1);
                    if (i > 1)
                        Both(",");
                    Space();
                }

                Both("}");
                break;
        }
    }

    private void Text()
    {
        Both("\"");
        for (var i = _random.Next(12); i > 0; i--)
            Both(Pick(Pieces));
        Both("\"");
    }

    private void Name(params string[] ways)
    {
        Both("\"" + Pick(ways) + "\"");
        Space();
        Both(":");
        Space();
    }

    private void Space() => Both(Pick(Spaces));

    private void Both(string text) => Different(text, text);

    private void Different(string sent, string expected)
    {
        _sent.Append(sent);
        _expected.Append(expected);
    }

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
