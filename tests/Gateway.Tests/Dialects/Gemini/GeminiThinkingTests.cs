using Gateway.Protocol;
using static Gateway.Tests.Dialects.Gemini.GeminiRig;

namespace Gateway.Tests.Dialects.Gemini;

public class GeminiThinkingTests
{
    private const string Flash = "gemini-2.5-flash";
    private const string Pro = "gemini-2.5-pro";
    private const string NewFlash = "gemini-3-flash-preview";

    [Theory]
    [InlineData(Flash, "none", """{"thinkingBudget":0}""", 0)]
    [InlineData(Pro, "none", """{"thinkingBudget":128}""", 1)]
    [InlineData(Flash, "minimal", """{"thinkingBudget":512}""", 0)]
    [InlineData(Flash, "low", """{"thinkingBudget":1024}""", 0)]
    [InlineData(Flash, "medium", """{"thinkingBudget":8192}""", 0)]
    [InlineData(Flash, "high", """{"thinkingBudget":24576}""", 0)]
    [InlineData(Pro, "xhigh", """{"thinkingBudget":32768}""", 0)]
    [InlineData(NewFlash, "minimal", """{"thinkingLevel":"MINIMAL"}""", 0)]
    [InlineData(Newest, "minimal", """{"thinkingLevel":"LOW"}""", 0)]
    [InlineData(Newest, "medium", """{"thinkingLevel":"MEDIUM"}""", 0)]
    [InlineData(Newest, "high", """{"thinkingLevel":"HIGH"}""", 0)]
    [InlineData(Newest, "xhigh", """{"thinkingLevel":"HIGH"}""", 1)]
    [InlineData(Newest, "none", """{"thinkingLevel":"LOW"}""", 1)]
    [InlineData("gemini-2.0-flash", "high", "null", 1)]
    [InlineData("gemini-2.0-flash", "none", "null", 0)]
    [InlineData("gemma-3-27b-it", "high", "null", 1)]
    [InlineData("gemini-2.5-flash-image", "high", "null", 1)]
    [InlineData("publishers/google/models/gemini-2.5-flash", "low", """{"thinkingBudget":1024}""", 0)]
    [InlineData("gemini-flash-latest", "low", """{"thinkingLevel":"LOW"}""", 0)]
    public void Write_Effort_IsWhatTheModelTakes(string model, string effort, string expected, int dropped) =>
        Check(model, new ReasoningSettings { Effort = effort }, expected, dropped);

    [Theory]
    [InlineData(Flash, 2000, """{"thinkingBudget":2000}""", 0)]
    [InlineData(Flash, -1, """{"thinkingBudget":-1}""", 0)]
    [InlineData(Flash, 90_000, """{"thinkingBudget":24576}""", 1)]
    [InlineData(Pro, 0, """{"thinkingBudget":128}""", 1)]
    [InlineData(Newest, 1024, """{"thinkingLevel":"LOW"}""", 1)]
    [InlineData(Newest, 20_000, """{"thinkingLevel":"HIGH"}""", 1)]
    [InlineData(Newest, -1, "null", 0)]
    public void Write_Budget_IsWhatTheModelTakes(string model, long budget, string expected, int dropped) =>
        Check(model, new ReasoningSettings { BudgetTokens = budget }, expected, dropped);

    [Theory]
    [InlineData(Flash)]
    [InlineData(Newest)]
    public void Write_EffortAndBudget_AreNeverBothSent(string model)
    {
        var thinking = Write(Ask(r => r.Reasoning = new ReasoningSettings { Effort = "high", BudgetTokens = 4000, Enabled = true })).Body["generationConfig"]!["thinkingConfig"]!;
        Assert.True(thinking["thinkingBudget"] is null || thinking["thinkingLevel"] is null, model);
        Assert.True((bool)thinking["includeThoughts"]!);
    }

    [Fact]
    public void Write_SwitchedOff_IsABudgetOfNothing() => Check(Flash, new ReasoningSettings { Enabled = false }, """{"thinkingBudget":0}""", 0);

    [Fact]
    public void Write_Adaptive_IsLeftToTheModel()
    {
        Check(Flash, new ReasoningSettings { Adaptive = true }, """{"thinkingBudget":-1}""", 0);
        Check(Newest, new ReasoningSettings { Adaptive = true, Enabled = true }, """{"includeThoughts":true}""", 0);
    }

    private static void Check(string model, ReasoningSettings reasoning, string expected, int dropped)
    {
        var (body, paths) = Write(Ask(r => r.Reasoning = reasoning), model);
        Assert.Equal(expected, Json(body["generationConfig"]?["thinkingConfig"]));
        Assert.Equal(dropped, paths.Count);
    }
}
