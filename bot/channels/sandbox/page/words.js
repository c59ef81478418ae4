// The words of the page's own frame, in Chinese and English. What the phones say is not ours here.
import { memory } from "./dom.js";

const WORDS = {
  zh: {
    centre: "演示服务中心",
    clock: "服务中心的时钟",
    advance: "拨快时钟",
    advancing: "时钟正在拨快",
    plus1: "+1 分钟",
    plus10: "+10 分钟",
    plus60: "+1 小时",
    monthEnd: "月末",
    monthEndHint: "月末：走到下月 1 日 09:05，回访已抽样，问卷已发出",
    plusTo: "到…",
    toTitle: "把时钟拨到",
    toLead: "途中到期的提醒、升级和报表会按先后一一发生。",
    toLabel: "日期和时间",
    toGo: "拨过去",
    toTonight: "今晚 22:00",
    toMorning: "明早 09:00",
    toMonday: "下周一 09:00",
    toMonth: "下月 1 日 09:00",
    cancel: "取消",
    close: "关闭",
    guide: "试试看",
    phones: "手机",
    photo: "照片",
    openPhoto: "放大照片",
    brokenPhoto: "这张照片没能收下",
    language: "Switch this page to English",
    languageLabel: "English",
    linkOpen: "已连接",
    linkLost: "正在重新连接…",
    linkConnecting: "正在连接…",
    edited: "已更新",
    unread: "{count} 条新消息",
    newMessages: "新消息",
    messages: "{who}的对话",
    write: "输入消息…",
    writeTo: "{who}要说的话",
    send: "发送",
    attach: "发照片",
    menu: "常用菜单",
    toggleMenu: "收起或展开菜单",
    look: "手机的样子",
    "look.plain": "普通",
    "look.wecom": "企业微信",
    "kind.app": "企业微信",
    "kind.kf": "微信客服",
    brand: "到家",
    choose: "请选择",
    "window.never": "还没写过消息：微信客服发不出去",
    "window.left": "微信客服还能发 {left} 条，到 {until}",
    "window.spent": "5 条已发完：等业主再写，微信客服才能发",
    "window.over": "过了 48 小时：等业主再写，微信客服才能发",
    "window.here": "仅作提示，这里照样送达",
    start: "开始",
    startLead: "这台手机还没有对话",
    guideTitle: "十步看懂到家",
    guideLead: "几台手机，几个角色，一座时钟。点一步，就带你到那台手机。",
    guideFoot: "Enter 发送 · Shift+Enter 换行 · Alt+1…9 换手机",
    stepDone: "第 {number} 步已试过",
    "role.owner": "业主",
    "role.technician": "师傅",
    "role.cs": "客服",
    "role.control": "控制中心",
    "role.supervisor": "主管",
    "role.head": "部门负责人",
    "role.business": "业务管理部",
    "error.offline": "程序没有回应，请看看它是否还在运行。",
    "error.failed": "没有成功，请再试一次。",
    "error.not-taken": "没有送达，请再试一次。",
    "error.disk": "磁盘写不进去，没有送出。",
    "error.empty": "请先写点什么。",
    "error.text-too-long": "太长了，请分成几条。",
    "error.too-large": "文件太大了，请换一张照片。",
    "error.no-such-message": "这条消息已经不在了。",
    "error.no-such-phone": "这台手机已经不在了，请刷新页面。",
    "error.foreign-host": "请用 127.0.0.1 打开这个页面。",
    "error.foreign-origin": "请刷新页面再试。",
    "error.busy": "时钟正在走，请等一下。",
    "error.past": "时钟只能往前拨。",
    "error.too-far": "一次最多拨一年。",
  },
  en: {
    centre: "Demo centre",
    clock: "The centre’s clock",
    advance: "Move the clock on",
    advancing: "The clock is moving on",
    plus1: "+1 min",
    plus10: "+10 min",
    plus60: "+1 h",
    monthEnd: "Month-end",
    monthEndHint: "Month-end: on to the 1st, 09:05; return visits are drawn, questionnaires sent",
    plusTo: "to…",
    toTitle: "Move the clock on to",
    toLead: "Every reminder, escalation and report due on the way happens, in order.",
    toLabel: "Date and time",
    toGo: "Go there",
    toTonight: "Tonight 22:00",
    toMorning: "Tomorrow 09:00",
    toMonday: "Monday 09:00",
    toMonth: "The 1st, 09:00",
    cancel: "Cancel",
    close: "Close",
    guide: "Try it",
    phones: "Phones",
    photo: "Photo",
    openPhoto: "Open the photo",
    brokenPhoto: "This photo could not be taken",
    language: "把页面换成中文",
    languageLabel: "中文",
    linkOpen: "Connected",
    linkLost: "Reconnecting…",
    linkConnecting: "Connecting…",
    edited: "edited",
    unread: "{count} new",
    newMessages: "New messages",
    messages: "{who}: conversation",
    write: "Message…",
    writeTo: "{who}: message",
    send: "Send",
    attach: "Send a photo",
    menu: "Menu",
    toggleMenu: "Show or hide the menu",
    look: "How the phones look",
    "look.plain": "Plain",
    "look.wecom": "WeCom",
    "kind.app": "WeCom",
    "kind.kf": "微信客服",
    brand: "到家",
    choose: "Choose…",
    "window.never": "Has not written yet: 微信客服 sends nothing",
    "window.left": "微信客服 may send {left} more, until {until}",
    "window.spent": "All 5 sent: 微信客服 waits for the owner to write",
    "window.over": "48 hours over: 微信客服 waits for the owner to write",
    "window.here": "For information: here everything arrives",
    start: "Start",
    startLead: "Nothing on this phone yet",
    guideTitle: "Doorstep in ten steps",
    guideLead: "Several phones, several roles, one clock. Tap a step to go to its phone.",
    guideFoot: "Enter sends · Shift+Enter new line · Alt+1…9 switches phones",
    stepDone: "Step {number} tried",
    "role.owner": "Owner",
    "role.technician": "Technician",
    "role.cs": "Customer service",
    "role.control": "Control centre",
    "role.supervisor": "Supervisor",
    "role.head": "Department head",
    "role.business": "Business dept",
    "error.offline": "No answer. Is the program still running?",
    "error.failed": "That did not work. Please try again.",
    "error.not-taken": "Not delivered. Please try again.",
    "error.disk": "The disk cannot be written; nothing was sent.",
    "error.empty": "Please write something first.",
    "error.text-too-long": "Too long: please send it in parts.",
    "error.too-large": "That file is too large. Please choose another photo.",
    "error.no-such-message": "This message is gone.",
    "error.no-such-phone": "This phone is gone: please reload the page.",
    "error.foreign-host": "Please open this page at 127.0.0.1.",
    "error.foreign-origin": "Please reload the page and try again.",
    "error.busy": "The clock is moving, one moment.",
    "error.past": "The clock only moves forward.",
    "error.too-far": "A year at a time, at most.",
  },
};

/** The tour: whose phone, what to do there, and words to put ready in its input field. */
export const TOUR = [
  {
    role: "owner",
    zh: "点「预约服务」，选好服务和时间，再点「确认预约」。",
    en: "Tap 预约服务 (Book), choose a service and a time, then confirm.",
  },
  {
    role: "technician",
    zh: "新单到了，点「接单」。业主的手机马上知道是谁。",
    en: "A job card arrives: tap 接单 (Accept). The owner knows at once who is coming.",
  },
  {
    role: "technician",
    nth: 1,
    zh: "另一位师傅再按旧卡上的「接单」：得到一句实话，不会派两次。",
    en: "Tap Accept on the other technician’s old card: a true answer, never a second job.",
  },
  {
    role: "technician",
    zh: "「出发」「已到达」「已说明内容和价格」「完工」：一张卡，原地更新。",
    en: "Set out, arrive, explain the price, finish: one card, updated in place.",
  },
  {
    role: "owner",
    zh: "评价时点「不满意」：客服和主管立刻知道，并有人跟到底。",
    en: "Answer 不满意 (dissatisfied): CS and the supervisor know at once, and see it through.",
  },
  {
    role: "owner",
    fill: { zh: "厨房水管爆了", en: "the kitchen pipe burst" },
    zh: "像平时那样打字：「厨房水管爆了」。先说怎么自救，再派人。",
    en: "Just write “the kitchen pipe burst”. Safety first, then help is on its way.",
  },
  {
    clock: true,
    zh: "谁都先别接，点「+1 分钟」几次：看提醒一级一级往上走。",
    en: "Let nobody accept, and tap +1 min a few times: watch it climb the ladder.",
  },
  {
    role: "owner",
    nth: 1,
    zh: "发一张照片（相机图标，或直接粘贴），跟着报修一起走。",
    en: "Send a photo (the camera, or paste one): it travels with the report.",
  },
  {
    role: "owner",
    zh: "「更多」里换语言：一个人换成英文，别人照旧。",
    en: "Change the language under 更多 (More): for this person only.",
  },
  {
    zh: "在终端按 Ctrl+C，再启动一次：一句不少，一个期限也不丢。",
    en: "Press Ctrl+C in the terminal and start again: no word and no deadline is lost.",
  },
];

const asked = new URLSearchParams(location.search).get("lang");
const browsers = navigator.languages ?? [navigator.language];
// Chinese first: English only for a browser that reads English and no Chinese.
const likely =
  browsers.some((tag) => tag.startsWith("zh")) || !browsers.some((tag) => tag.startsWith("en"))
    ? "zh"
    : "en";

let language = [asked, memory.get("language"), likely].find((one) => one in WORDS);

export const currentLanguage = () => language;
export const locale = () => (language === "zh" ? "zh-CN" : "en-GB");

export function changeLanguage() {
  language = language === "zh" ? "en" : "zh";
  memory.set("language", language);
}

/** A word of the frame, with its facts filled in; null for a key we do not have. */
export function word(key, facts = {}) {
  const found = WORDS[language][key];
  return found?.replace(/\{(\w+)\}/g, (_, name) => facts[name]) ?? null;
}

export const errorWord = (code) => word(`error.${code}`) ?? word("error.failed");

/** Put the words into every element that names one. */
export function speak(root) {
  for (const element of root.querySelectorAll("[data-say]")) {
    element.textContent = word(element.dataset.say);
  }
  for (const element of root.querySelectorAll("[data-say-label]")) {
    const label = word(element.dataset.sayLabel);
    element.setAttribute("aria-label", label);
    if (element.matches("button")) element.title = label;
  }
}
