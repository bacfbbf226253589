using System.Text;
using CsCheck;
using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public class BodyMarksTests
{
    private static readonly string[] Names =
    [
        "image_url", "input_image", "image", "images", "inlineData", "inline_data", "input_audio", "fileData", "file_data", "fileUri", "file_url", "file_id", "document", "video",
    ];

    [Fact]
    public void Media_MixOfNamesAndOthers_CountsTheNames()
    {
        string[] others = ["\"", "\"\"", "i", "\"id\":", "\"function\":", "\"vid", "\\\"the dog\\\" ", "xxxxxxxxxxxxx", "image_url\"", "\"imagE\""];
        Gen.Select(Gen.Int[0, Names.Length + others.Length - 1].Array[0, 20], Gen.Int[0, 20]).Sample(
            (picks, before) =>
            {
                var text = new string(' ', before) + string.Concat(picks.Select(i => i < Names.Length ? $"\"{Names[i]}\"" : others[i - Names.Length]));
                return BodyMarks.Media(Encoding.UTF8.GetBytes(text)) == Names.Sum(name => Occurrences(text, $"\"{name}\""));
            },
            iter: 20_000);
    }

    private static int Occurrences(string text, string of)
    {
        var count = 0;
        for (var at = text.IndexOf(of, StringComparison.Ordinal); at >= 0; at = text.IndexOf(of, at + 1, StringComparison.Ordinal))
            count++;
        return count;
    }
}
