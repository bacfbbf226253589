using CsCheck;
using Gateway.Routing.Policies;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>Whatever targets answer and policies say: no target is hammered, none is called before its time, and every course comes to an end.</summary>
public class AttemptPlanPropertyTests
{
    private static readonly string[] Answers =
    [
        "ok", "500", "502", "408", "503", "503/2", "529", "504", "429", "429/0", "429/1", "429/2", "429/9", "429/60", "401", "402", "403", "404", "400", "reset", "refused", "tls", "cut",
        "garbage", "garbled", "silent", "500/1", "500/3", "400:content_filter", "400:context_length_exceeded", "400:unsupported_parameter:tools",
    ];

    [Fact]
    public void Course_OfAnything_HammersNobody() =>
        (from answers in Gen.Int[0, Answers.Length - 1].Select(i => Answers[i]).Array[1, 4].Array[1, 4]
         from requests in Gen.Int[1, 3]
         from most in Gen.Int[1, 9]
         from mostPerTarget in Gen.Int[1, 4]
         from jitter in Gen.Double[0, 0.999]
         from total in Gen.Int[1, 60]
         from keys in Gen.Int[0, 3]
         select (answers, requests, most, mostPerTarget, jitter, total, keys)).Sample(c =>
        {
            var course = new AttemptCourse
            {
                Random = c.jitter,
                Policy = new AttemptPolicy { Most = c.most, MostPerTarget = c.mostPerTarget },
                Timeouts = new TimeoutPolicy { Total = TimeSpan.FromSeconds(c.total), FirstToken = TimeSpan.FromSeconds(1) },
            };
            string[] keys = [.. Enumerable.Range(0, c.keys).Select(i => "k" + i)];
            for (var i = 0; i < c.answers.Length; i++)
                course.Target("t" + i, string.Join(' ', c.answers[i]), keys: keys);
            var names = string.Join(' ', Enumerable.Range(0, c.answers.Length).Select(i => "t" + i));
            for (var r = 0; r < c.requests; r++)
            {
                course.Log.Clear();
                course.Run(names);
                Assert.InRange(course.Log.Count, 0, Math.Min(6, c.most));
                foreach (var calls in course.Log.GroupBy(call => call.Target).Select(g => g.ToList()))
                {
                    for (var i = 1; i < calls.Count; i++)
                    {
                        Assert.False(calls[i - 1].Silent, "A silent target was called again.");
                        Assert.True(calls[i - 1].Said is not { } said || calls[i].At - calls[i - 1].At >= said, "A target was called before its time.");
                        Assert.True(i < 2 || calls[i].At - calls[i - 2].At >= TimeSpan.FromSeconds(1.5), "A target was hammered.");
                    }
                }

                Assert.All(course.Log, call => Assert.True(call.At < TimeSpan.FromSeconds(c.total + 0.001)));
            }
        });
}
