// The short codes that bots use most. A code that is not here stays as it was written.

const CODES = `
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️
rotating_light 🚨|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|exclamation ❗|bangbang ‼️|question ❓
information_source ℹ️|bulb 💡|bell 🔔|no_bell 🔕|mute 🔇|loudspeaker 📢|mega 📣|eyes 👀|zap ⚡|fire 🔥|boom 💥
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵
large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_red_square 🟥|large_green_square 🟩
package 📦|whale 🐳|whale2 🐋|rocket 🚀|ship 🚢|hammer 🔨|wrench 🔧|hammer_and_wrench 🛠️|gear ⚙️|toolbox 🧰
construction 🚧|building_construction 🏗️|label 🏷️|bookmark 🔖|pushpin 📌|link 🔗|lock 🔒|unlock 🔓|key 🔑
closed_lock_with_key 🔐|shield 🛡️|bug 🐛|beetle 🪲|mag 🔍|mag_right 🔎|robot_face 🤖|ghost 👻|skull 💀
hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|clock1 🕐|calendar 📆|date 📅|recycle ♻️
arrows_counterclockwise 🔄|repeat 🔁|arrow_up ⬆️|arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️|fast_forward ⏩
arrow_forward ▶️|double_vertical_bar ⏸️|black_square_for_stop ⏹️|heavy_plus_sign ➕|heavy_minus_sign ➖|wastebasket 🗑️
memo 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|scroll 📜|chart_with_upwards_trend 📈|bar_chart 📊|floppy_disk 💾
cd 💿|inbox_tray 📥|outbox_tray 📤|incoming_envelope 📨|email 📧|globe_with_meridians 🌐|satellite 🛰️|cloud ☁️
tada 🎉|sparkles ✨|star ⭐|trophy 🏆|medal 🏅|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|wave 👋|pray 🙏|clap 👏|ok_hand 👌
raised_hand ✋|point_right 👉|point_left 👈|smile 😄|slightly_smiling_face 🙂|thinking_face 🤔|sob 😭|zzz 💤
bust_in_silhouette 👤|busts_in_silhouette 👥|speech_balloon 💬|100 💯|new 🆕|ok 🆗|sos 🆘|green_heart 💚|heart ❤️
`;

const BY_CODE = new Map(
  CODES.trim()
    .split(/[|\n]/)
    .map((pair) => pair.split(" ")),
);

export const emoji = (code) => BY_CODE.get(code);

export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, code) => emoji(code) ?? whole);
