"""Given names that are used for one another: Bob and Robert, Pepe and José."""

from collections.abc import Mapping
from functools import cache

from app.records.person_name import folded_name

_GROUPS = """
abigail abby abbie gail; abraham abe; albert al bert; alberto beto; alexander alex alec sandy sasha; alexandra alex sandra lexi
alexa sasha; alfred al fred alfie; alfredo fredo; allan al; alan al; allison ali allie; amanda mandy; andrew andy drew; andrea
andi; angela angie; ann annie anna nan; anne annie anna nan; anthony tony; antonio tony tono; antonia toni; arthur art artie;
augustus gus; barbara barb barbie babs; bartholomew bart; benjamin ben benny; bernard bernie; bernhard bernd; beatrice bea trixie;
bradley brad; calvin cal; cameron cam; carolyn carol carrie; caroline carrie carol; casimir cas; catherine cathy cate kate katie cat;
katherine kathy kate katie kat kathie; kathleen kathy kate katie kath; katharina kathi katja kati; charles charlie chuck chas chip;
charlotte charlie lottie; christian chris; christina chris tina christie chrissy; christine chris tina christie chrissy;
christopher chris topher kit; christoph chris; clifford cliff; clayton clay; consuelo chelo; constance connie; cornelius neil conny;
curtis curt; cynthia cindy; daniel dan danny; daniela dani; danielle dani; david dave davey; deborah deb debbie debby; debra deb debbie;
dennis denny; donald don donnie; dorothy dot dottie dolly; douglas doug; edgar ed; edmund ed eddie ned; edward ed eddie ned ted teddy;
eduardo eddie lalo; edwin ed eddie; eleanor ellie nell nora; elizabeth liz lizzie beth betty betsy eliza lisa libby bess elise;
elisabeth lisa lisbeth elli sissi; emily em emmy; enrique quique; ernest ernie; eugene gene; evelyn evie; ezekiel zeke; ferdinand
ferdi; florence flo; frances fran frankie; francesca fran; francis frank fran; francisco paco pancho frank fran curro; franklin frank;
frederick fred freddy rick; fredrick fred; friedrich fritz fred; gabriel gabe; gabriela gabi gaby; georg schorsch jorg; gerald gerry jerry;
gerard gerry; gertrude trudy; gilbert gil; giovanni gianni; giuseppe beppe peppe; graciela chela; gregory greg; guadalupe lupe; guillermo
memo willy; gwendolyn gwen; harold hal harry; heinrich heinz heiner henry; helen nell; henrietta etta hettie; henry hank harry;
herbert herb herbie bert; howard howie; ignacio nacho; isabel bella izzy isa; isabella bella izzy isa; isidro chilo; jacob jake;
jacqueline jackie; james jim jimmy jamie; janet jan; jeffrey jeff; jeffery jeff; jennifer jen jenny; jeremiah jerry; jeremy jerry;
jerome jerry; jessica jess jessie; jesus chuy chucho; joachim achim jochen; joan joanie; johann hans; johannes hans hannes; john jack
johnny jon; jonathan jon jonny nate; jordan jordy; jose pepe chepe; josef sepp; joseph joe joey jos; josephine jo josie; joshua josh;
joyce joy; juan juanito; judith judy judi; julia julie jules; karl charly; kenneth ken kenny; kimberly kim kimmy; kristen kris;
kristin kris; kristina kris tina; laura laurie; lawrence larry; laurence larry; leonard leo len lenny; leslie les; lillian lily lil;
linda lin; louis lou louie; louise lou; lucas luke; luis lucho; madeline maddie; magdalena lena magda; manuel manny manolo manu;
marcus marc mark; margaret maggie peggy meg marge margie greta; margarete grete gretel gret; maria mari mia; marie mari; maria-jose majo;
martha marty; martin marty; martina tina; mary molly polly mae; matthew matt matty; matthias matze; maximilian max; maxwell max;
melanie mel; melissa mel missy lissa; melvin mel; mercedes merche; michael mike mick mickey mikey; michelle shelly; miguel mike;
miranda mandy randy; mitchell mitch; montgomery monty; nancy nan; natalie nat; nathan nate; nathaniel nate nat; nicholas nick nicky;
nicole nikki nicky; nikolaus klaus niko; norman norm; oliver ollie; olivia liv livvy; oscar ozzie; oswald ozzie; pamela pam; patricia
pat patty tricia trish patti; patrick pat paddy; paul paulie; peter pete; philip phil; phillip phil; phyllis phyl; priscilla cilla;
rachel rae; rafael rafa; ramon moncho; randall randy; randolph randy; raymond ray; rebecca becky becca; reginald reggie reg; ricardo
rick ricky richie; richard rick rich dick richie ricky; robert bob bobby rob robbie bert; roberta bobbie robbie; roberto beto rob; roderick
rod; rodney rod; roger rog; roland rollie; ronald ron ronnie; rosario charo; rosemary rosie rose; russell russ rusty; samantha sam;
samuel sam sammy; sandra sandy; sara sally; sarah sally; sebastian seb basti; sergio checo; sharon shari; shirley shirl; sidney sid; simon si;
solomon sol; stanley stan; stefan steff; stephan steph; stephanie steph stephie; stephen steve stevie; steven steve; stewart stu;
stuart stu; susan sue susie suzie; susanna susi susie; suzanne sue suzie; sylvester sly; tabitha tabby; tamara tammy tam; teresa terry
tess teri; terrence terry; thaddeus thad tad; theodore ted teddy theo; theresa terry tess teri; therese terry; thomas tom tommy;
timothy tim timmy; tobias tobi toby; valerie val; vanessa nessa; veronica ronnie roni; victor vic; victoria vicky vic tori; vincent vince vinny;
virginia ginny ginger; walter walt wally; wendell wendy; wilhelm willi willy will; william bill will billy willie liam; winifred winnie;
wolfgang wolf; yvonne vonnie; zachary zach zack
"""


def same_given(one: str, other: str) -> bool:
    """Whether two given names may be one person's: equal, a usual short form, or an initial.

    >>> same_given("Bob", "Robert")
    True
    """
    first, second = folded_name(one), folded_name(other)
    if not first or not second:
        return False
    if len(first) == 1 or len(second) == 1:
        return first[0] == second[0]
    return first == second or second in short_forms(first) or first in short_forms(second)


def short_forms(given: str) -> frozenset[str]:
    """The usual short forms of a folded given name ("robert" -> bob, rob...)."""
    return _table().get(given, frozenset())


@cache
def _table() -> Mapping[str, frozenset[str]]:
    groups = (group.split() for group in _GROUPS.split(";"))
    return {words[0]: frozenset(words[1:]) for words in groups if words}
