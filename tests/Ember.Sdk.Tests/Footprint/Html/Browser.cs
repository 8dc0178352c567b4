using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Html;
using Ember.Sdk.Hosts;
using Ember.Sdk.Tests.Hosting;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace Ember.Sdk.Tests.Footprint.Html;

/// <summary>Chromium without a screen, for the tests of one class. It waits for what it is asked for, but not for ever.</summary>
public sealed class Browser : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly ChromeDriverService _service;
    private readonly ChromeDriver _driver;

    public Browser()
    {
        string driver = Find("chromedriver", "chromium-driver");
        ChromeOptions options = new() { BinaryLocation = Find("chromium", "chromium") };
        options.AddArguments(
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,800",
            $"--user-data-dir={_folder["profile"]}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        options.SetLoggingPreference(LogType.Performance, LogLevel.All);
        _service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(driver), Path.GetFileName(driver));
        _service.SuppressInitialDiagnosticInformation = true;
        try
        {
            _driver = new ChromeDriver(_service, options, _deadline);
            _driver.Manage().Timeouts().ImplicitWait = _patience;
        }
        catch
        {
            _service.Dispose();
            throw;
        }
    }

    public string Title => _driver.Title;

    /// <summary>The part of the page's address that says what it shows.</summary>
    public string Hash => (string)Evaluate("return location.hash")!;

    /// <summary>Writes the page of a report.</summary>
    /// <returns>Its path.</returns>
    internal string Write(FootprintReport report)
    {
        string path = _folder[$"{Directory.GetFiles(_folder.Path).Length}.html"];
        FootprintPage.Write(report, path);
        return path;
    }

    /// <summary>Opens a page anew, as nothing was seen or said before.</summary>
    public void Open(string path, string hash = "")
    {
        _driver.Navigate().GoToUrl("about:blank");
        _ = Console();
        _ = Requests();
        _driver.Navigate().GoToUrl(new Uri(path).AbsoluteUri + hash);
    }

    /// <summary>The element that <paramref name="selector"/> finds, as soon as it is there.</summary>
    public IWebElement Get(string selector)
    {
        try
        {
            return _driver.FindElement(By.CssSelector(selector));
        }
        catch (NoSuchElementException exception)
        {
            throw new InvalidOperationException(
                $"{_driver.Url} has no '{selector}'; the console says: {string.Join(" | ", Console())}; the page: {Text("body")}",
                exception);
        }
    }

    public void Click(string selector) => Get(selector).Click();

    public void Press(string selector, string keys) => Get(selector).SendKeys(keys);

    public string Text(string selector) => Get(selector).Text;

    /// <summary>The texts of all that <paramref name="selector"/> finds, shown or not; there has to be one.</summary>
    public IReadOnlyList<string> Texts(string selector)
    {
        _ = Get(selector);
        return [.. _driver.FindElements(By.CssSelector(selector)).Select(element => element.GetDomProperty("textContent") ?? "")];
    }

    public void Back() => _driver.Navigate().Back();

    public object? Evaluate(string script, params object[] arguments) => _driver.ExecuteScript(script, arguments);

    /// <summary>Runs a script in every page before its own.</summary>
    /// <returns>What ends that.</returns>
    public IDisposable Before(string script)
    {
        Dictionary<string, object?> source = new() { ["source"] = script };
        Dictionary<string, object?> added =
            (Dictionary<string, object?>)_driver.ExecuteCdpCommand("Page.addScriptToEvaluateOnNewDocument", source)!;
        return new Ending(() => _driver.ExecuteCdpCommand("Page.removeScriptToEvaluateOnNewDocument", added));
    }

    /// <summary>Makes the window as large as a telephone's.</summary>
    /// <returns>What ends that.</returns>
    public IDisposable Telephone()
    {
        _driver.ExecuteCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            new() { ["width"] = 390, ["height"] = 844, ["deviceScaleFactor"] = 3, ["mobile"] = true });
        return new Ending(() => _driver.ExecuteCdpCommand("Emulation.clearDeviceMetricsOverride", []));
    }

    /// <summary>What the console got since it was last asked.</summary>
    public IReadOnlyList<string> Console() =>
        [.. _driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => $"{entry.Level}: {entry.Message}")];

    /// <summary>The addresses that were asked for since this was last asked.</summary>
    public IReadOnlyList<string> Requests()
    {
        List<string> addresses = [];
        foreach (LogEntry entry in _driver.Manage().Logs.GetLog(LogType.Performance))
        {
            using JsonDocument document = JsonDocument.Parse(entry.Message);
            JsonElement message = document.RootElement.GetProperty("message");
            if (message.GetProperty("method").GetString() == "Network.requestWillBeSent")
            {
                addresses.Add(message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!);
            }
        }

        return addresses;
    }

    /// <summary>Ends Chromium; when it does not obey, its driver ends and it with that.</summary>
    public void Dispose()
    {
        try
        {
            _driver.Quit();
        }
        finally
        {
            _service.Dispose();
            _folder.Dispose();
        }
    }

    private static string Find(string program, string package) => HostSystem.Current.FindProgram(program)
        ?? throw new InvalidOperationException($"'{program}' is missing, and this test looks at a page with it: apt-get install {package}");

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
